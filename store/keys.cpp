#include "store/keys.hpp"

namespace skein::store::keys {

namespace {

template <class Unsigned>
void put(std::string& to, Unsigned value) {
  for (int shift = 8 * (sizeof value - 1); shift >= 0; shift -= 8)
    to.push_back(static_cast<char>(value >> shift & 0xff));
}

template <class Unsigned>
std::optional<Unsigned> take(std::string_view& from) {
  if (from.size() < sizeof(Unsigned))
    return std::nullopt;
  Unsigned value = 0;
  for (size_t i = 0; i < sizeof value; ++i)
    value = static_cast<Unsigned>(value << 8) | static_cast<unsigned char>(from[i]);
  from.remove_prefix(sizeof value);
  return value;
}

} // namespace

void put_be64(std::string& to, uint64_t value) { put(to, value); }
void put_be32(std::string& to, uint32_t value) { put(to, value); }

std::optional<uint64_t> take_be64(std::string_view& from) { return take<uint64_t>(from); }
std::optional<uint32_t> take_be32(std::string_view& from) { return take<uint32_t>(from); }

std::optional<uint64_t> whole_be64(std::string_view from) {
  auto value = take_be64(from);
  return from.empty() ? value : std::nullopt;
}

std::array<char, 8> sequence(uint64_t value) {
  std::array<char, 8> key;
  for (size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<char>(value >> (56 - 8 * i) & 0xff);
  return key;
}

std::string stream_prefix(std::string_view stream) {
  std::string prefix;
  prefix.reserve(stream.size() + 1 + sizeof(uint64_t));
  prefix.append(stream).push_back('\0');
  return prefix;
}

std::string stream_entry(std::string_view stream, uint64_t first_version) {
  auto key = stream_prefix(stream);
  put_be64(key, first_version);
  return key;
}

std::optional<entry_key> parse_stream_entry(std::string_view key) {
  auto end = key.find('\0');
  if (end == std::string_view::npos)
    return std::nullopt;
  auto version = whole_be64(key.substr(end + 1));
  if (!version)
    return std::nullopt;
  return entry_key{key.substr(0, end), *version};
}

} // namespace skein::store::keys
