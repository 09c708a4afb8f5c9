#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace skein::agents::test {

/// How a run of an agent program went, by the public contract.
struct program_run {
  int exit_code = -1;
  nlohmann::json output;             ///< of the last line, null when there was none
  std::vector<nlohmann::json> lines; ///< everything on stdout
  std::string text;                  ///< the same, as it was printed
  std::string reason;                ///< the last line of stderr
};

struct program_options {
  std::vector<std::string> argv; ///< argv[0]: a path
  std::map<std::string, std::string> env;
  std::string input = {};
  std::string terminate_at = {}; ///< SIGTERM once a progress line has this message
};

/// Runs a real program to its end, with nothing but `env` (and PATH) in its environment.
program_run run_program(program_options);

} // namespace skein::agents::test
