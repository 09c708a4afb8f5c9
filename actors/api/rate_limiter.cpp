#include "actors/api/rate_limiter.hpp"

#include <algorithm>

namespace skein::actors {

namespace {

constexpr double burst_seconds = 2;
/// So many clients are remembered before those with a full bucket are looked for.
constexpr std::size_t clients_max = 10'000;

double seconds_between(rate_limiter::time_point a, rate_limiter::time_point b) {
  return std::chrono::duration<double>(b - a).count();
}

} // namespace

bool rate_limiter::admit(const std::string& client, time_point now) {
  if (per_second_ == 0)
    return true;
  const std::lock_guard lock{guard_};
  if (buckets_.size() >= clients_max)
    forget_the_idle(now);
  const auto most = per_second_ * burst_seconds;
  auto& mine = buckets_.try_emplace(client, bucket{most, now}).first->second;
  mine.left = std::min(most, mine.left + per_second_ * seconds_between(mine.seen, now));
  mine.seen = now;
  if (mine.left < 1)
    return false;
  mine.left -= 1;
  return true;
}

void rate_limiter::forget_the_idle(time_point now) {
  std::erase_if(buckets_, [&](const auto& each) {
    return seconds_between(each.second.seen, now) > burst_seconds;
  });
}

} // namespace skein::actors
