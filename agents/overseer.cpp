#include "agents/overseer.hpp"

#include "agents/agent_io.hpp"
#include "agents/duckdb.hpp"

#include <atomic>
#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <mutex>
#include <pthread.h>
#include <thread>

namespace skein::agents {

namespace {

constexpr double progress_step = 0.02;

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

} // namespace

struct overseer::impl {
  std::atomic<bool> stopped = false;
  std::atomic<bool> ended = false;
  std::mutex guard; ///< of what follows
  database* db = nullptr;
  std::string phase;
  double from = 0;
  double to = 0;
  double printed = 0;
  std::thread thread;

  /// A signal that arrives between two statements would interrupt nothing, so the interrupt is
  /// given again until the program ends.
  void look() {
    const std::lock_guard locked{guard};
    if (!db)
      return;
    if (stopped)
      return db->interrupt();
    const auto share = from + (to - from) * db->share_done();
    if (share < printed + progress_step)
      return;
    printed = share;
    progress(share, phase);
  }

  void run() {
    const auto set = stop_signals();
    const timespec tick{0, 100'000'000};
    while (!ended) {
      if (sigtimedwait(&set, nullptr, &tick) > 0)
        stopped = true;
      look();
    }
  }
};

overseer::overseer() : impl_{std::make_unique<impl>()} {
  const auto set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  impl_->thread = std::thread{[state = impl_.get()] { state->run(); }};
}

overseer::~overseer() {
  impl_->ended = true;
  impl_->thread.join();
}

void overseer::watch(database& db, const std::string& phase, double from, double to) {
  const std::lock_guard locked{impl_->guard};
  impl_->db = &db;
  impl_->phase = phase;
  impl_->from = from;
  impl_->to = to;
  impl_->printed = from;
  progress(from, phase);
}

void overseer::rest() {
  const std::lock_guard locked{impl_->guard};
  impl_->db = nullptr;
}

bool overseer::stopped() const noexcept { return impl_->stopped; }

} // namespace skein::agents
