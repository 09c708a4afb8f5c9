#include "actors/json_text.hpp"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

constexpr std::size_t depth_max = 64;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Whether more than so many objects and arrays are open at once. Exact up to where the text stops
/// being JSON, which is as far as anybody parses it; a parser that calls back for each value, to
/// count the same, takes twice as long.
bool is_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i];
    if (byte == '"')
      is_quoted = !is_quoted;
    else if (is_quoted)
      i += byte == '\\' ? 1 : 0; // whatever is escaped ends no string
    else if (byte == '{' || byte == '[')
      ++depth;
    else if ((byte == '}' || byte == ']') && depth > 0)
      --depth;
    if (depth > depth_max)
      return true;
  }
  return false;
}

bool continues(unsigned char byte) { return (byte & 0xC0) == 0x80; }

/// Length of the well-formed sequence at the beginning (RFC 3629, section 4), or 0.
std::size_t sequence_length(std::string_view text) {
  const auto at
      = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0; };
  const auto lead = at(0);
  if (lead < 0x80)
    return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4)
    return 0;
  // Overlong forms, surrogates and what is beyond U+10FFFF show in the second byte.
  const auto second = at(1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F)
      || (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if (!continues(at(i)))
      return 0;
  return length;
}

bool is_control(std::string_view sequence) {
  const auto byte = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 2) // C1, U+0080 to U+009F
    return byte == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
  return sequence.size() == 1 && (byte < 0x20 || byte == 0x7F) && byte != '\n' && byte != '\t';
}

} // namespace

std::optional<nlohmann::json> parse_json(std::string_view text) {
  if (is_too_deep(text))
    return std::nullopt;
  auto value = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (value.is_discarded())
    return std::nullopt;
  return value;
}

std::string dump_json(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string clean_text(std::string_view text, std::size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    const auto length = sequence_length(text);
    const auto part = length == 0 ? replacement : text.substr(0, length);
    if (out.size() + part.size() > max_bytes)
      break;
    if (!is_control(part))
      out += part;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

} // namespace skein::actors
