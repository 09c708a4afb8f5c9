#include "config/log.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace skein::log {

namespace {

spdlog::level::level_enum native(level x) {
  switch (x) {
    case level::debug: return spdlog::level::debug;
    case level::info: return spdlog::level::info;
    case level::warning: return spdlog::level::warn;
    case level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

spdlog::sink_ptr open_sink(const options& x) {
  if (x.file.empty())
    return std::make_shared<spdlog::sinks::stderr_sink_mt>();
  return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(x.file.string(), x.rotate_bytes,
                                                                x.kept_files);
}

std::shared_ptr<spdlog::logger> make_logger(const options& x) {
  auto logger = std::make_shared<spdlog::logger>(x.name, open_sink(x));
  logger->set_formatter(std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ %l %n %v", spdlog::pattern_time_type::utc));
  logger->set_level(native(x.least));
  logger->flush_on(spdlog::level::debug);
  return logger;
}

std::mutex exchange;

/// Never destroyed: threads may still log while the program's statics go away.
std::shared_ptr<spdlog::logger>& current() {
  static auto& logger
      = *new std::shared_ptr<spdlog::logger>{make_logger({.least = level::warning, .file = {}})};
  return logger;
}

std::shared_ptr<spdlog::logger> logger() {
  std::lock_guard guard{exchange};
  return current();
}

} // namespace

expected<void> start(const options& x) {
  try {
    auto next = make_logger(x);
    std::lock_guard guard{exchange};
    current() = std::move(next);
    return {};
  } catch (const std::exception& why) {
    return fail("the log file " + x.file.string() + " cannot be opened (" + why.what()
                + "); check the folder and its permissions");
  }
}

bool enabled(level x) noexcept try { return logger()->should_log(native(x)); } catch (...) {
  return false;
}

void write(level x, std::string_view id, std::string_view sentence) noexcept try {
  std::string line{id};
  line.append(" ").append(sentence);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  logger()->log(native(x), spdlog::string_view_t{line});
} catch (...) {
  // Logging must never be what ends a program.
}

} // namespace skein::log
