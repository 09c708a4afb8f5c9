#pragma once

#include "agents/outcome.hpp"

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

/// The agent contract, from the agent's side: environment and JSON on stdin in, JSON lines on
/// stdout out, the reason of a failure as the last line of stderr, and an exit code. Nothing
/// here is private to Skein's own agents: a shell script can do the same.
namespace skein::agents {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_retry = 75; ///< EX_TEMPFAIL of sysexits.h

inline constexpr std::size_t input_bytes_max = 64u << 20;
inline constexpr std::size_t output_bytes_max = 256u << 10; ///< of one output object

/// The value of an environment variable; unset and empty are the same.
std::string env(const char* name);
std::string env_or(const char* name, std::string_view otherwise);
uint64_t env_number(const char* name, uint64_t otherwise);

/// What the environment says about the attempt. Everything is empty when a person starts the
/// program by hand.
struct attempt {
  std::string migration; ///< `movies@v2`
  std::string dataset;
  std::string current_version;
  std::string target_version;
  std::string step;
  std::string scan;
  uint32_t number = 0;
  std::string metadata_api;

  static attempt from_environment();
};

/// Reads one JSON object up to the end of `in`; nothing at all is an empty object.
outcome<nlohmann::json> read_input(std::istream& in);

/// Reads the attempt's input from stdin, unless stdin is a terminal.
outcome<nlohmann::json> read_input();

/// Prints a progress line; `share` is 0 to 1. May be called from any thread.
void progress(double share, std::string_view message);

/// Prints the output line; refuses an object larger than `output_bytes_max`.
outcome<void> output(const nlohmann::json& object);

/// The exit code for a trouble.
int exit_code(const trouble&) noexcept;

/// Runs an agent's body, prints its output or its reason, and answers the exit code. An
/// exception becomes a failure.
int run(const std::function<outcome<nlohmann::json>()>& body);

} // namespace skein::agents
