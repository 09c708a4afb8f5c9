#pragma once

#include "events/failure.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace skein::store {

/// Changes whenever the writer of a RocksDB flushes or compacts. RocksDB follows a writer by
/// reading its manifest first and its write-ahead logs afterwards; when a flush falls in between,
/// what was flushed is in neither of the two, and the follower sees a gap. An equal stamp before
/// and after says that none did.
std::string manifest_stamp(const std::filesystem::path& folder);

failure too_busy_to_follow(const std::filesystem::path& folder, std::string_view noun);

/// Opens or catches up by calling `attempt`, again and again until no flush fell into it.
template <class Attempt>
auto undisturbed(const std::filesystem::path& folder, std::string_view noun, Attempt attempt)
    -> decltype(attempt()) {
  constexpr int attempts_max = 250;
  for (int i = 0; i < attempts_max; ++i) {
    const auto before = manifest_stamp(folder);
    auto result = attempt();
    if (manifest_stamp(folder) == before)
      return result;
  }
  return tl::unexpected{too_busy_to_follow(folder, noun)};
}

} // namespace skein::store
