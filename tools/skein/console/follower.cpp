#include "tools/skein/console/follower.hpp"

#include <algorithm>

namespace skein::console::screen {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_pause = 250ms, longest_pause = 5s;
constexpr std::size_t newest_kept = 50;

} // namespace

follower::follower(daemon_finder find) : find_{std::move(find)}, thread_{[this] { run(); }} {}

follower::~follower() {
  {
    const std::lock_guard lock{guard_};
    ends_ = true;
  }
  ended_.notify_all();
  events_.stop();
  thread_.join();
}

news follower::take() {
  rings_.hush();
  const std::lock_guard lock{guard_};
  auto result = now_;
  now_.opened = false;
  now_.events = now_.completed = 0;
  now_.newest.clear();
  return result;
}

void follower::run() {
  auto pause = first_pause;
  for (;;) {
    const auto why = follow_once();
    std::unique_lock lock{guard_};
    if (ends_)
      return;
    if (now_.live) // it had been well
      pause = first_pause;
    now_.live = false;
    now_.why = why;
    now_.again = std::chrono::steady_clock::now() + pause;
    rings_.ring();
    if (ended_.wait_for(lock, pause, [&] { return ends_; }))
      return;
    pause = std::min(2 * pause, longest_pause);
  }
}

std::string follower::follow_once() {
  const auto running = find_();
  if (!running)
    return "skeind is not running";
  const auto opened = [&] {
    const std::lock_guard lock{guard_};
    now_.live = now_.opened = true;
    now_.why.clear();
    rings_.ring();
  };
  return events_.follow(live_events(*running), opened, [&](const auto& x) { heard(x); }).what;
}

void follower::heard(const cluster::server_sent_event& event) {
  const std::lock_guard lock{guard_};
  if (event.type == "dropped") // too slow for all of them: the stream ends, and begins anew
    return;
  // A rung bell stays so until take(): a flood of events rings it once.
  if (now_.events++ == 0)
    rings_.ring();
  now_.completed += event.type == "completed" ? 1 : 0;
  if (now_.newest.size() >= newest_kept)
    now_.newest.erase(now_.newest.begin());
  now_.newest.emplace_back(event.data);
}

} // namespace skein::console::screen
