#pragma once

#include "agents/outcome.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skein::agents {

/// The fields of a CSV file's first record (RFC 4180), given the beginning of the file; a UTF-8
/// byte order mark is skipped. Fails when the record does not end inside `beginning`.
///
/// DuckDB's sniffer is not asked: it takes a later line for the header when the file is ragged.
outcome<std::vector<std::string>> csv_header(std::string_view beginning, char delimiter);

} // namespace skein::agents
