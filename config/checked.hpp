#pragma once

#include "events/failure.hpp"

#include <string>
#include <vector>

namespace skein::config {

/// The outcome of loading: a value, or every mistake found, each with file, line and column.
template <class T>
using checked = tl::expected<T, std::vector<failure>>;

/// All mistakes as one failure, one sentence a line.
inline failure joined(const std::vector<failure>& mistakes) {
  std::string lines;
  for (const auto& x : mistakes)
    lines += (lines.empty() ? "" : "\n") + x.what;
  return failure{lines};
}

} // namespace skein::config
