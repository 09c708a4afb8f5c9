#include "tools/skein/stop_signals.hpp"

namespace skein::console {

stop_signals::stop_signals() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGINT);
  sigaddset(&set_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

bool stop_signals::came_within(const timespec& span) const {
  return sigtimedwait(&set_, nullptr, &span) > 0;
}

} // namespace skein::console
