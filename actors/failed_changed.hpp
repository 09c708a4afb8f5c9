#pragma once

#include <string_view>

namespace skein::actors {

/// The key in the view of the sequence, be64, at which any migration that rests for a failure, or
/// did so until then, changed last: while it stays the same, so do the rows under "f/"
/// (list_row.hpp).
inline constexpr std::string_view failed_changed_key = "failed";

} // namespace skein::actors
