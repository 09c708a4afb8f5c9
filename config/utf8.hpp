#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace skein::config {

struct text_fault {
  int line;
  int column;
  std::string what;
};

/// The first byte that is not UTF-8 (RFC 3629), or the first character that YAML calls not
/// printable (YAML 1.2.2, production 1). yaml-cpp would cut the file short at U+0004 and replace
/// bad bytes without a word.
std::optional<text_fault> find_unprintable(std::string_view text);

} // namespace skein::config
