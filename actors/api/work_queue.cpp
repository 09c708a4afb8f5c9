#include "actors/api/work_queue.hpp"

namespace skein::actors {

work_queue::work_queue(std::size_t threads, std::size_t queued_max) : queued_max_{queued_max} {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work(); });
}

work_queue::~work_queue() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock{guard_};
    ends_ = true;
    dropped.swap(jobs_);
  }
  changed_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

bool work_queue::add(std::function<void()> job) {
  {
    const std::lock_guard lock{guard_};
    if (ends_ || jobs_.size() >= queued_max_)
      return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void work_queue::work() {
  for (;;) {
    std::unique_lock lock{guard_};
    changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (ends_)
      return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
  }
}

} // namespace skein::actors
