#include "tools/skeind/ending.hpp"

#include <csignal>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace skein::daemon {

ending::ending() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGINT);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  // Writing to a connection that the peer closed is an error value, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &ends, SFD_CLOEXEC);
  failures_ = eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE);
}

ending::~ending() {
  close(signals_);
  close(failures_);
}

void ending::report_failure(std::string why) {
  {
    std::lock_guard lock{guard_};
    reasons_.push_back(std::move(why));
  }
  const uint64_t one = 1;
  [[maybe_unused]] const auto written = write(failures_, &one, sizeof one);
}

/// Takes the signal that came.
bool ending::is_end() {
  signalfd_siginfo came{};
  if (read(signals_, &came, sizeof came) != sizeof came || came.ssi_signo != SIGHUP)
    return true;
  if (hangup_)
    hangup_();
  return false;
}

std::optional<std::string> ending::wait() {
  pollfd both[]{{signals_, POLLIN, 0}, {failures_, POLLIN, 0}};
  do {
    while (poll(both, 2, -1) < 0) {
      // Interrupted by a signal that is not ours.
    }
    if (both[0].revents != 0 && is_end())
      return std::nullopt;
  } while (both[1].revents == 0);
  uint64_t count = 0;
  [[maybe_unused]] const auto taken = read(failures_, &count, sizeof count);
  std::lock_guard lock{guard_};
  auto why = std::move(reasons_.front());
  reasons_.pop_front();
  return why;
}

} // namespace skein::daemon
