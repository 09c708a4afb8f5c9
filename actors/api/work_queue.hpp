#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace skein::actors {

/// A few threads that answer requests, so that reading the log for one client keeps no other
/// waiting for its bytes. What is queued at the end is dropped.
class work_queue {
public:
  work_queue(std::size_t threads, std::size_t queued_max);
  ~work_queue();

  /// False: there is too much in the queue already.
  bool add(std::function<void()> job);

private:
  void work();

  const std::size_t queued_max_;
  std::mutex guard_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

} // namespace skein::actors
