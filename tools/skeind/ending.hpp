#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

namespace skein::daemon {

/// What makes the daemon's main thread move: a signal that asks it to stop, or a role that failed.
/// Made before any other thread, since it blocks the signals for all threads started after it.
class ending {
public:
  ending();
  ~ending();
  ending(const ending&) = delete;
  ending& operator=(const ending&) = delete;

  /// From any thread.
  void report_failure(std::string why);

  /// What to do at each SIGHUP, on the thread that waits.
  void on_hangup(std::function<void()> what) { hangup_ = std::move(what); }

  /// Blocks. A reason: a role failed. Nothing: SIGINT or SIGTERM asks to stop.
  std::optional<std::string> wait();

private:
  bool is_end();

  std::function<void()> hangup_;
  int signals_;
  int failures_;
  std::mutex guard_;
  std::deque<std::string> reasons_;
};

} // namespace skein::daemon
