#pragma once

#include "events/failure.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace skein::store {

/// One Zstandard frame (RFC 8878) with its content size and a checksum.
std::string compress(std::string_view raw);

/// Fails unless the bytes are one whole frame of exactly `raw_bytes`.
expected<std::string> decompress(std::string_view frame, std::size_t raw_bytes);

} // namespace skein::store
