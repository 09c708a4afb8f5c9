#pragma once

#include <string>
#include <string_view>

namespace skein::config {

/// Whether the text can be nothing but a type: it is pasted into SQL as it stands. Words, numbers,
/// balanced brackets, commas and quoted names; no statement could hide in it.
bool looks_like_type(std::string_view text);

/// The type as DuckDB would name it: aliases resolved, upper case, single spaces.
std::string canonical_type(std::string_view text);

/// The type of an ODCS `logicalType`; empty for those that have none (`object`, `array`).
std::string_view default_type(std::string_view logical_type);

} // namespace skein::config
