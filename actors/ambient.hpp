#pragma once

#include "events/migration.hpp"

#include <cstdint>
#include <functional>

namespace skein::actors {

/// The only way actors learn the time and draw random numbers, so that a test can give them
/// virtual time and a seed. Called from any thread.
struct ambient {
  std::function<migration::timestamp()> now;
  std::function<uint64_t()> random;
};

/// The machine's clock and random source.
ambient real_ambient();

} // namespace skein::actors
