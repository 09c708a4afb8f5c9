#include "tools/skein/console/rates.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace skein::console::screen {

namespace {

int64_t second_of(std::chrono::steady_clock::time_point at) {
  return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

} // namespace

void rates::add(std::chrono::steady_clock::time_point now, uint64_t count) {
  const auto second = second_of(now);
  if (counts_.empty() || second - second_ > static_cast<int64_t>(seconds_kept)) {
    counts_.assign(1, 0);
    second_ = second;
  }
  for (; second_ < second; ++second_)
    counts_.push_back(0);
  while (counts_.size() > seconds_kept)
    counts_.pop_front();
  counts_.back() += count;
}

std::deque<uint64_t> rates::before(std::chrono::steady_clock::time_point now,
                                   std::size_t seconds) const {
  std::deque<uint64_t> result;
  const auto newest = second_of(now) - 1;
  for (auto at = newest - static_cast<int64_t>(seconds) + 1; at <= newest; ++at) {
    const auto from_end = second_ - at; // of what is kept
    const bool is_kept = from_end >= 0 && from_end < static_cast<int64_t>(counts_.size());
    result.push_back(is_kept ? counts_[counts_.size() - 1 - static_cast<std::size_t>(from_end)]
                             : 0);
  }
  return result;
}

double rates::average(std::chrono::steady_clock::time_point now, std::size_t seconds) const {
  const auto counts = before(now, seconds);
  return seconds == 0 ? 0
                      : static_cast<double>(std::accumulate(counts.begin(), counts.end(), 0ULL))
                            / static_cast<double>(seconds);
}

std::string sparkline(const std::deque<uint64_t>& counts) {
  static constexpr std::array levels{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
  std::string text;
  for (const auto x : counts)
    text += x == 0 ? " " : levels[(x * levels.size() - 1) / std::max<uint64_t>(most, 1)];
  return text;
}

} // namespace skein::console::screen
