#include "tools/skein/console/loader.hpp"

#include <algorithm>

namespace skein::console::screen {

namespace {

/// Whether the later of two that wait makes the other needless.
bool replaces(const request& later, const request& earlier) {
  return !std::holds_alternative<give_order>(later) && later.index() == earlier.index();
}

} // namespace

void inbox::put(answer came) {
  {
    const std::lock_guard lock{guard_};
    waiting_.push_back(std::move(came));
  }
  rings_.ring();
}

std::vector<answer> inbox::take() {
  rings_.hush();
  const std::lock_guard lock{guard_};
  return std::exchange(waiting_, {});
}

loader::loader(daemon_finder find, std::string actor, inbox& to)
    : find_{std::move(find)}, actor_{std::move(actor)}, to_{to}, thread_{[this] { run(); }} {}

loader::~loader() {
  {
    const std::lock_guard lock{guard_};
    ends_ = true;
  }
  has_news_.notify_all();
  thread_.join();
}

void loader::ask(request next) {
  {
    const std::lock_guard lock{guard_};
    std::erase_if(waiting_, [&](const auto& x) { return replaces(next, x); });
    waiting_.push_back(std::move(next));
  }
  has_news_.notify_all();
}

bool loader::is_overtaken(const request& x) const {
  const std::lock_guard lock{guard_};
  return ends_ || std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& later) {
           return replaces(later, x);
         });
}

void loader::run() {
  for (;;) {
    std::unique_lock lock{guard_};
    has_news_.wait(lock, [&] { return ends_ || !waiting_.empty(); });
    if (ends_)
      return;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    const auto running = find_();
    const bool is_order = std::holds_alternative<give_order>(next);
    const call_limits limits{std::chrono::seconds{is_order ? 30 : 10}, &ends_};
    auto what = running
                    ? carry_out(next, *running, actor_, limits, [&] { return is_overtaken(next); })
                    : give_up(exit_code::no_daemon, "skeind is not running");
    const auto took = std::chrono::steady_clock::now() - begin;
    to_.put({std::move(next), std::move(what),
             std::chrono::duration_cast<std::chrono::milliseconds>(took)});
  }
}

} // namespace skein::console::screen
