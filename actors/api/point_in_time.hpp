#pragma once

#include "events/failure.hpp"
#include "events/migration.hpp"

#include <cstdint>
#include <string_view>
#include <variant>

namespace skein::actors {

/// A place in the log's history: up to and with a sequence number, or a moment.
using point_in_time = std::variant<uint64_t, migration::timestamp>;

/// `1234` is a sequence number, `2026-11-22T10:00:00Z` (RFC 3339, any offset, any fraction; also
/// without seconds) a moment, and `-2h` (also d, m, s) one that long before `now`.
expected<point_in_time> parse_point_in_time(std::string_view text, migration::timestamp now);

/// A moment as RFC 3339 writes it. Digits beyond microseconds are cut off.
expected<migration::timestamp> parse_rfc3339(std::string_view text);

} // namespace skein::actors
