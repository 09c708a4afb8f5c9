#include "config/utf8.hpp"

#include <cstdint>
#include <cstdio>

namespace skein::config {

namespace {

struct decoded {
  uint32_t code = 0;
  std::size_t bytes = 0; ///< 0: not UTF-8
};

std::size_t length_of(unsigned char first) {
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first < 0xE0)
    return 2;
  if (first >= 0xE0 && first < 0xF0)
    return 3;
  return first >= 0xF0 && first < 0xF5 ? 4 : 0;
}

decoded decode(std::string_view text) {
  constexpr uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  auto length = length_of(static_cast<unsigned char>(text[0]));
  if (length <= 1 || length > text.size())
    return {static_cast<unsigned char>(text[0]), length == 1 ? 1u : 0u};
  uint32_t code = static_cast<unsigned char>(text[0]) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((text[i] & 0xC0) != 0x80)
      return {};
    code = code << 6 | (text[i] & 0x3Fu);
  }
  bool surrogate = code >= 0xD800 && code < 0xE000;
  return {code, code < least[length] || code > 0x10FFFF || surrogate ? 0 : length};
}

bool is_printable(uint32_t x) {
  if (x == '\t' || x == '\n' || x == '\r' || x == 0x85)
    return true;
  return x >= 0x20 && x != 0x7F && (x < 0x80 || x >= 0xA0) && x != 0xFFFE && x != 0xFFFF;
}

std::string describe(uint32_t code) {
  char hex[16];
  std::snprintf(hex, sizeof hex, "U+%04X", code);
  return std::string{"the control character "} + hex + " stands here; take it out";
}

} // namespace

std::optional<text_fault> find_unprintable(std::string_view text) {
  int line = 1;
  int column = 1;
  while (!text.empty()) {
    auto next = decode(text);
    if (next.bytes == 0)
      return text_fault{line, column, "this byte is not UTF-8; save the file as UTF-8"};
    if (!is_printable(next.code))
      return text_fault{line, column, describe(next.code)};
    text.remove_prefix(next.bytes);
    column = next.code == '\n' ? 1 : column + static_cast<int>(next.bytes);
    line += next.code == '\n';
  }
  return {};
}

} // namespace skein::config
