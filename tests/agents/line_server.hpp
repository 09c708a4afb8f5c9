#pragma once

#include "cluster/child_process.hpp"
#include "tests/cluster/support.hpp"

#include <catch2/catch.hpp>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace skein::agents::test {

/// A real server in Python that prints its port, and then each thing it is given as a JSON line.
class line_server {
public:
  explicit line_server(std::vector<std::string> script_and_arguments) {
    cluster::spawn_options options;
    options.argv = {"/usr/bin/python3"};
    options.argv.insert(options.argv.end(), script_and_arguments.begin(),
                        script_and_arguments.end());
    options.env = tests::plain_environment();
    options.on_stdout_line = [this](std::string_view line) {
      const std::lock_guard guard{mutex_};
      said_.push_back(nlohmann::json::parse(line));
    };
    auto started = cluster::child_process::spawn(std::move(options));
    REQUIRE(started);
    server_ = std::move(*started);
    REQUIRE(tests::eventually([&] { return !said().empty(); }));
  }

  int port() { return said().at(0).get<int>(); }

  /// What it was given, once that is at least so much.
  std::vector<nlohmann::json> given(std::size_t count) {
    CHECK(tests::eventually([&] { return said().size() > count; }));
    auto all = said();
    all.erase(all.begin());
    return all;
  }

private:
  std::vector<nlohmann::json> said() {
    const std::lock_guard guard{mutex_};
    return said_;
  }

  std::mutex mutex_;
  std::vector<nlohmann::json> said_;
  std::unique_ptr<cluster::child_process> server_;
};

} // namespace skein::agents::test
