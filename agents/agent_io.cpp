#include "agents/agent_io.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/core.h>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace skein::agents {

namespace {

void print_line(const nlohmann::json& object) {
  static std::mutex one_line_at_a_time;
  const auto line = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  const std::lock_guard guard{one_line_at_a_time};
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

// The last line of stderr is the reason, so a reason must not have lines of its own.
std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

outcome<nlohmann::json> guarded(const std::function<outcome<nlohmann::json>()>& body) {
  try {
    return body();
  } catch (const std::exception& x) {
    return give_up(fmt::format("The agent ran into an unexpected error: {}.", x.what()));
  }
}

} // namespace

std::string env(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string env_or(const char* name, std::string_view otherwise) {
  auto value = env(name);
  return value.empty() ? std::string{otherwise} : value;
}

uint64_t env_number(const char* name, uint64_t otherwise) {
  const auto text = env(name);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

attempt attempt::from_environment() {
  return {
      .migration = env("SKEIN_MIGRATION_ID"),
      .dataset = env_or("SKEIN_DATASET_ID", env("NOMAD_META_DATASET_ID")),
      .current_version = env_or("SKEIN_CURRENT_VERSION", env("NOMAD_META_CURRENT_VERSION")),
      .target_version = env_or("SKEIN_TARGET_VERSION", env("NOMAD_META_TARGET_VERSION")),
      .step = env("SKEIN_STEP"),
      .scan = env("SKEIN_SCAN_ID"),
      .number = static_cast<uint32_t>(env_number("SKEIN_ATTEMPT", 0)),
      .metadata_api = env_or("METADATA_API", env("SKEIN_METADATA_API")),
  };
}

outcome<nlohmann::json> read_input(std::istream& in) {
  std::string text;
  for (char block[65536]; in.read(block, sizeof block), in.gcount() > 0;) {
    text.append(block, static_cast<std::size_t>(in.gcount()));
    if (text.size() > input_bytes_max)
      return give_up(fmt::format("The input on stdin is larger than {} bytes.", input_bytes_max));
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return nlohmann::json::object();
  auto object = nlohmann::json::parse(text, nullptr, false);
  if (!object.is_object())
    return give_up("The input on stdin is not a JSON object; pass the step's input or nothing.");
  return object;
}

outcome<nlohmann::json> read_input() {
  if (isatty(STDIN_FILENO))
    return nlohmann::json::object();
  return read_input(std::cin);
}

void progress(double share, std::string_view message) {
  print_line({{"progress", share}, {"message", message}});
}

outcome<void> output(const nlohmann::json& object) {
  const auto size = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).size();
  if (size > output_bytes_max)
    return give_up(fmt::format("The agent's output has {} bytes; at most {} are allowed.", size,
                               output_bytes_max));
  print_line({{"output", object}});
  return {};
}

int exit_code(const trouble& x) noexcept {
  return x.kind == trouble_kind::transient ? exit_retry : exit_failure;
}

int run(const std::function<outcome<nlohmann::json>()>& body) {
  const auto object = guarded(body);
  const auto printed = object ? output(*object) : outcome<void>{tl::unexpect, object.error()};
  if (printed)
    return exit_ok;
  fmt::print(stderr, "{}\n", on_one_line(printed.error().what));
  return exit_code(printed.error());
}

} // namespace skein::agents
