#pragma once

#include "events/migration.hpp"
#include "tools/skein/terminal.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

/// Values as people read them.
namespace skein::console {

/// `4 ms`, `0.4 s`, `12 s`, `3 m 05 s`, `2 h 10 m`, `3 d 4 h`
std::string duration_text(double seconds);

/// `812 B`, `1.2 KiB`, `34 MiB`
std::string bytes_text(double bytes);

/// `3,000,000`
std::string count_text(uint64_t count);

/// `1 row`, `3,000,000 rows`
std::string counted(uint64_t count, const std::string& one, const std::string& many);

/// `10:00:00` of an RFC 3339 time
std::string clock_text(const std::string& rfc3339);

/// `just now`, `5 m ago`; the RFC 3339 text itself if it cannot be read.
std::string age_text(const std::string& rfc3339, migration::timestamp now);

/// The style of a phase, a step's status or a verdict.
style style_of(const std::string& word);

// Agents may put anything into their outputs: what has another type than expected counts as absent.

/// A member's text; empty if it is not there, or no text.
std::string text_of(const nlohmann::json& object, const char* member);

/// A migration's phase, and whether it is paused: "running, paused".
std::string phase_text(const nlohmann::json& migration);

/// A member's number; zero if it is not there, or no number.
double number_of(const nlohmann::json& object, const char* member);

bool flag_of(const nlohmann::json& object, const char* member, bool otherwise);

/// A member that is an array; an empty one if it is not there, or no array.
const nlohmann::json& list_of(const nlohmann::json& object, const char* member);

/// A member that is an object; an empty one if it is not there, or no object.
const nlohmann::json& object_of(const nlohmann::json& object, const char* member);

/// The texts of an array, in one; what is no text is left out.
std::string joined(const nlohmann::json& texts, const char* between);

/// A text in quotes that a POSIX shell takes as one word, if it needs them.
std::string shell_word(const std::string& text);

migration::timestamp now();

} // namespace skein::console
