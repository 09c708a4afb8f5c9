#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace skein::actors {

/// A token bucket for each client: so many requests a second, and twice as many at once. For any
/// number of threads.
class rate_limiter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// 0: no limit.
  explicit rate_limiter(uint32_t per_second) : per_second_{static_cast<double>(per_second)} {}

  /// Takes one request of that client, if it may have one now.
  bool admit(const std::string& client, time_point now);

private:
  struct bucket {
    double left;
    time_point seen;
  };

  void forget_the_idle(time_point now);

  const double per_second_;
  std::mutex guard_;
  std::unordered_map<std::string, bucket> buckets_;
};

} // namespace skein::actors
