#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace skein {

/// Why something could not be done, as one sentence a person can act on: what was found, where
/// (file, line, field, id), what was expected, and what to do. Failures are values; nothing in
/// Skein throws to say that input was bad.
struct failure {
  std::string what;

  bool operator==(const failure&) const = default;
};

template <class T>
using expected = tl::expected<T, failure>;

inline tl::unexpected<failure> fail(std::string what) {
  return tl::unexpected<failure>{failure{std::move(what)}};
}

} // namespace skein
