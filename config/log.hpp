#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <fmt/core.h>
#include <string>
#include <string_view>
#include <utility>

/// The programs' own log. One line a record: time in UTC, level, program, a stable id to search
/// for, and a sentence:
///
///     2026-11-22T10:00:00.123Z info coordinator lease-expired worker w1 went silent
///
/// Thread-safe. Before `start` warnings and errors go to stderr. A line that cannot be written is
/// lost; the program goes on. Secrets never belong here (design.md, section 3, rule 12).
namespace skein::log {

enum class level : uint8_t { debug, info, warning, error };

struct options {
  level least = level::info;
  std::filesystem::path file; ///< empty: stderr
  std::string name = "skein"; ///< of the program or role
  std::size_t rotate_bytes = 16u << 20;
  std::size_t kept_files = 5; ///< rotated ones: `skein.1.log`, `skein.2.log`, …
};

/// Sends what is logged from now on to a file or stderr. Fails, and changes nothing, when the file
/// cannot be opened.
expected<void> start(const options&);

bool enabled(level) noexcept;

/// Line breaks in the sentence become spaces, so that a record stays one line.
void write(level, std::string_view id, std::string_view sentence) noexcept;

template <class... Args>
void debug(std::string_view id, fmt::format_string<Args...> sentence, Args&&... args) {
  if (enabled(level::debug))
    write(level::debug, id, fmt::format(sentence, std::forward<Args>(args)...));
}

template <class... Args>
void info(std::string_view id, fmt::format_string<Args...> sentence, Args&&... args) {
  if (enabled(level::info))
    write(level::info, id, fmt::format(sentence, std::forward<Args>(args)...));
}

template <class... Args>
void warn(std::string_view id, fmt::format_string<Args...> sentence, Args&&... args) {
  if (enabled(level::warning))
    write(level::warning, id, fmt::format(sentence, std::forward<Args>(args)...));
}

template <class... Args>
void error(std::string_view id, fmt::format_string<Args...> sentence, Args&&... args) {
  if (enabled(level::error))
    write(level::error, id, fmt::format(sentence, std::forward<Args>(args)...));
}

} // namespace skein::log
