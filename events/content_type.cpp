#include "events/bus.hpp"

#include <algorithm>

namespace skein::bus {

namespace {

/// The type alone, without parameters and in lower case: RFC 9110, section 8.3.1.
std::string bare(std::string_view type) {
  type = type.substr(0, type.find(';'));
  const auto first = std::min(type.find_first_not_of(" \t"), type.size());
  std::string text{type.substr(first, type.find_last_not_of(" \t") + 1 - first)};
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

} // namespace

std::string_view content_type(encoding how) noexcept {
  return how == encoding::json ? json_content_type : protobuf_content_type;
}

expected<encoding> encoding_of(std::string_view header) {
  const auto type = bare(header);
  if (type == json_content_type)
    return encoding::json;
  if (type.empty() || type == protobuf_content_type || type == "application/protobuf")
    return encoding::protobuf;
  return fail("Content-Type '" + type
              + "' is not known; use application/json or application/x-protobuf");
}

} // namespace skein::bus
