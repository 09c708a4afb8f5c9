#pragma once

#include <cstdint>
#include <string_view>

namespace skein::store {

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4) of `bytes`, going on from that of what stands
/// before them (0: nothing). Uses the processor's instruction where there is one.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

} // namespace skein::store
