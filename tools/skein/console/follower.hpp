#pragma once

#include "tools/skein/console/bell.hpp"
#include "tools/skein/console/request.hpp"
#include "tools/skein/session.hpp"

#include "cluster/event_source.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace skein::console::screen {

/// Follows the daemon's events on a thread of its own, for as long as it lives: a connection that
/// is lost is tried again, after 0.25 s at first and 5 s at most. Events are counted, and only the
/// last few are kept: however many come, they cost little.
class follower {
public:
  explicit follower(daemon_finder find);
  ~follower();

  /// What there was since the last time.
  news take();

  const bell& rings() const { return rings_; }

private:
  void run();
  std::string follow_once();
  void heard(const cluster::server_sent_event&);

  daemon_finder find_;
  bell rings_;
  cluster::event_source events_;
  std::mutex guard_;
  std::condition_variable ended_;
  bool ends_ = false;
  news now_;
  std::thread thread_; ///< last: it uses the others
};

} // namespace skein::console::screen
