#pragma once

#include "events/failure.hpp"

#include <cstddef>
#include <string_view>

namespace skein::store {

inline constexpr size_t name_bytes_max = 4096;

/// The rule for everything that is part of a key: not empty, no NUL, at most name_bytes_max.
/// `what` says in the sentence what is named: "stream".
expected<void> check_name(std::string_view what, std::string_view name);

} // namespace skein::store
