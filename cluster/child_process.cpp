#include "cluster/child_process.hpp"

#include "cluster/child_loop.hpp"
#include "cluster/launch.hpp"

#include <csignal>
#include <cstring>
#include <future>
#include <pthread.h>
#include <thread>

namespace skein::cluster {

struct child_process::impl {
  std::shared_ptr<stop_request> stop = std::make_shared<stop_request>();
  pid_t pid = 0;
  std::promise<exit_status> ended;
  std::shared_future<exit_status> status{ended.get_future()};
  std::thread thread;
};

namespace {

// Signals are for the daemon's own threads; and writing to a program that has closed its stdin is
// no reason to die of SIGPIPE.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

} // namespace

expected<std::unique_ptr<child_process>> child_process::spawn(spawn_options options) {
  auto program = find_program(options);
  if (!program)
    return tl::unexpected{program.error()};
  auto self = std::make_shared<impl>();
  if (auto ready = self->stop->open(); !ready)
    return tl::unexpected{ready.error()};
  std::promise<expected<void>> started;
  auto start = started.get_future();
  auto body = [self, started = std::move(started), program = *program,
               options = std::move(options)]() mutable {
    block_signals();
    auto child = launch(options, program);
    if (!child)
      return started.set_value(tl::unexpected{child.error()});
    self->pid = child->pid;
    auto on_exit = std::move(options.on_exit);
    child_loop loop{std::move(options), std::move(*child), self->stop};
    started.set_value({});
    const auto status = loop.run();
    if (on_exit)
      on_exit(status);
    self->ended.set_value(status);
  };
  self->thread = std::thread{std::move(body)};
  if (auto outcome = start.get(); !outcome) {
    self->thread.join();
    return tl::unexpected{outcome.error()};
  }
  return std::unique_ptr<child_process>{new child_process{std::move(self)}};
}

child_process::child_process(std::shared_ptr<impl> shared) : impl_{std::move(shared)} {}

child_process::~child_process() {
  terminate(std::chrono::milliseconds::zero());
  if (impl_->thread.get_id() == std::this_thread::get_id())
    impl_->thread.detach(); // destroyed by its own callback
  else
    impl_->thread.join();
}

void child_process::terminate(std::chrono::milliseconds grace) { impl_->stop->ask(grace); }

exit_status child_process::wait() { return impl_->status.get(); }

pid_t child_process::pid() const { return impl_->pid; }

std::string describe(const exit_status& status) {
  std::string text = status.signal == 0 ? "exited with code " + std::to_string(status.exit_code)
                                        : "was killed by signal " + std::to_string(status.signal)
                                              + " (" + strsignal(status.signal) + ")";
  if (status.timed_out)
    text += " after its time limit";
  else if (status.cpu_limit_hit)
    text += " after its processor time limit";
  else if (status.terminated)
    text += " after it was told to stop";
  return text;
}

} // namespace skein::cluster
