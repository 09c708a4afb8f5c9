#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace skein::simulation {

/// Every choice of a simulation comes from here, so that a seed says it all: splitmix64 (Steele,
/// Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014), which gives the same
/// numbers on every machine, as the standard library's distributions do not.
class dice {
public:
  explicit dice(uint64_t seed) : state_{seed} {}

  uint64_t next() {
    auto z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// 0 to bound - 1; 0 if there is nothing to choose from.
  uint64_t below(uint64_t bound) { return bound == 0 ? 0 : next() % bound; }

  /// Both ends included.
  uint64_t between(uint64_t least, uint64_t most) { return least + below(most - least + 1); }

  std::chrono::milliseconds between(std::chrono::milliseconds least,
                                    std::chrono::milliseconds most) {
    return least
           + std::chrono::milliseconds{below(static_cast<uint64_t>((most - least).count()) + 1)};
  }

  bool percent(uint64_t share) { return below(100) < share; }
  bool one_in(uint64_t count) { return below(count) == 0; }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }

private:
  uint64_t state_;
};

} // namespace skein::simulation
