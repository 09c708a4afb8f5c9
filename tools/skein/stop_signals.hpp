#pragma once

#include <csignal>
#include <ctime>

namespace skein::console {

/// SIGINT and SIGTERM, waited for rather than caught. Made before any library starts its threads,
/// which inherit what is blocked: only we wait for them.
class stop_signals {
public:
  stop_signals();

  /// Waits that long at most; true when one came.
  bool came_within(const timespec& span) const;

private:
  sigset_t set_{};
};

} // namespace skein::console
