#pragma once

#include "cluster/child_process.hpp"
#include "tests/actors/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace skein::tests {

/// What a program said and how it ended.
struct program_end {
  int code = 0;
  std::string out;
  std::string err;

  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

using words = std::vector<std::string>;

inline std::map<std::string, std::string>
environment_with(std::map<std::string, std::string> more) {
  more.emplace("PATH", std::getenv("PATH"));
  more.emplace("USER", "ann");
  return more;
}

/// Runs the real `skein` to its end.
inline program_end skein_says(words arguments,
                              std::map<std::string, std::string> environment = {}) {
  program_end end;
  cluster::spawn_options options;
  options.argv = {SKEIN_PROGRAM};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.env = environment_with(std::move(environment));
  options.on_stdout_line = [&](std::string_view line) { end.out.append(line) += '\n'; };
  options.on_stderr_line = [&](std::string_view line) { end.err.append(line) += '\n'; };
  options.limits.wall = std::chrono::minutes{1};
  const auto child = cluster::child_process::spawn(std::move(options));
  if (!child)
    FAIL(child.error().what);
  const auto status = (*child)->wait();
  INFO(end.out << end.err);
  CHECK(status.signal == 0);
  end.code = status.exit_code;
  return end;
}

} // namespace skein::tests
