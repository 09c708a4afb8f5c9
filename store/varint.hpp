#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace skein::store {

/// Numbers of 1 to 10 bytes, seven bits a byte, the least significant first: Protobuf's "base 128
/// varint". In a header because every record that is read or written passes through here.
inline void put_varint(std::string& to, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    to.push_back(static_cast<char>(value | 0x80));
  to.push_back(static_cast<char>(value));
}

/// Takes a number off the front; nothing if `from` ends inside it.
inline std::optional<uint64_t> take_varint(std::string_view& from) {
  uint64_t value = 0;
  for (unsigned i = 0; i < from.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(from[i]);
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      from.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

/// Takes so many bytes off the front; nothing if there are fewer.
inline std::optional<std::string_view> take_bytes(std::string_view& from, uint64_t count) {
  if (from.size() < count)
    return std::nullopt;
  auto taken = from.substr(0, count);
  from.remove_prefix(count);
  return taken;
}

/// Takes bytes that stand behind their number.
inline std::optional<std::string_view> take_text(std::string_view& from) {
  auto length = take_varint(from);
  return length ? take_bytes(from, *length) : std::nullopt;
}

inline void put_text(std::string& to, std::string_view bytes) {
  put_varint(to, bytes.size());
  to.append(bytes);
}

} // namespace skein::store
