#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace skein::store {

/// Has a hash map of texts find by a piece of one, without a copy of it.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

template <class Value>
using by_text = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

} // namespace skein::store
