#pragma once

#include "events/failure.hpp"

#include <chrono>
#include <string_view>

namespace skein::config {

/// `500ms`, `90s`, `10m`, `6h`, `2d`, or a bare number of seconds.
expected<std::chrono::milliseconds> parse_milliseconds(std::string_view text);

} // namespace skein::config
