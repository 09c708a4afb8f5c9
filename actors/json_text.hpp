#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace skein::actors {

/// JSON from a stranger. Nothing if it is no JSON, or nested deeper than 64 levels: what walks a
/// value recursively later must not exhaust the stack.
std::optional<nlohmann::json> parse_json(std::string_view text);

/// On one line; bytes that are not UTF-8 become U+FFFD.
std::string dump_json(const nlohmann::json& value);

/// The text as valid UTF-8 without control characters other than newline and tab, cut to at most
/// `max_bytes` at its end: safe for a log, a terminal and Protobuf.
std::string clean_text(std::string_view text, std::size_t max_bytes);

} // namespace skein::actors
