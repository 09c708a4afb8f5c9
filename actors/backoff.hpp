#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace skein::actors {

/// The wait after the n-th failure in a row: `base`, doubled with every failure, up to `cap`.
inline std::chrono::milliseconds backoff(uint32_t failures, std::chrono::milliseconds base,
                                         std::chrono::milliseconds cap) {
  return std::min(cap, base * (int64_t{1} << std::min(failures - 1, 20u)));
}

} // namespace skein::actors
