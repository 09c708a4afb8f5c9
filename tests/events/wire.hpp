#pragma once

#include <cstdint>
#include <string>

/// Protobuf's wire format by hand, to write what no version of ours has written:
/// https://protobuf.dev/programming-guides/encoding/
namespace skein::tests::wire {

inline std::string varint(uint64_t x) {
  std::string bytes;
  for (; x >= 0x80; x >>= 7)
    bytes += static_cast<char>(x | 0x80);
  return bytes += static_cast<char>(x);
}

inline std::string number(uint32_t field, uint64_t x) {
  return varint(uint64_t{field} << 3) + varint(x);
}

inline std::string bytes(uint32_t field, const std::string& x) {
  return varint(uint64_t{field} << 3 | 2) + varint(x.size()) + x;
}

} // namespace skein::tests::wire
