#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace skein::console::screen {

/// How many of something there were in each of the last seconds.
class rates {
public:
  static constexpr std::size_t seconds_kept = 300;

  void add(std::chrono::steady_clock::time_point now, uint64_t count);

  /// So many whole seconds before now, the oldest first; the one that is under way is left out.
  std::deque<uint64_t> before(std::chrono::steady_clock::time_point now, std::size_t seconds) const;

  /// A second, on average of so many.
  double average(std::chrono::steady_clock::time_point now, std::size_t seconds) const;

private:
  std::deque<uint64_t> counts_; ///< the last is of second_
  int64_t second_ = 0;
};

/// `▁▂▃▄▅▆▇█`, the highest of them all being full; nothing is a space.
std::string sparkline(const std::deque<uint64_t>& counts);

} // namespace skein::console::screen
