#include "actors/fleet_role.hpp"
#include "bench/support.hpp"
#include "config/log.hpp"

#include <csignal>

// idle_fleet <workspace> <NATS URL>: a worker, as `skeind --role fleet` is one, whose agents have
// nothing to do: every attempt succeeds as soon as it starts. Until SIGTERM.

namespace {

using namespace skein;

class finished_run : public actors::run {
public:
  void stop(std::chrono::milliseconds) override {}
};

class idle_runner : public actors::runner {
public:
  tl::expected<std::unique_ptr<actors::run>, migration::setback>
  start(actors::launch, actors::run_callbacks out) override {
    out.ended({migration::success{}, {}});
    return std::make_unique<finished_run>();
  }
};

} // namespace

int main(int count, char** arguments) {
  using bench::value_of;
  if (count != 3)
    bench::give_up("usage: idle_fleet <workspace> <NATS URL>");
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  auto space = config::load_workspace(arguments[1]);
  if (!space)
    bench::give_up(config::joined(space.error()).what);
  value_of(log::start({.least = log::level::warning, .name = "idle_fleet"}));
  const auto bus = value_of(cluster::bus::connect({.url = arguments[2], .name = "idle_fleet"}));
  const auto role = value_of(actors::fleet_role::start({.space = &*space,
                                                        .bus = bus.get(),
                                                        .name = "idle",
                                                        .runs = std::make_shared<idle_runner>()}));
  int signal = 0;
  sigwait(&ends, &signal);
}
