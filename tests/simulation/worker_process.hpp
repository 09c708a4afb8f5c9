#pragma once

#include "actors/coordinator_ports.hpp"
#include "actors/worker.hpp"
#include "tests/simulation/simulated_runner.hpp"

#include <caf/actor_system.hpp>

#include <memory>
#include <string>

namespace skein::simulation {

/// One life of a worker: the real actor, whose ports lead to the simulated bus. Destroying it is
/// kill -9; the next one has the same name.
class worker_process {
public:
  worker_process(caf::actor_system& system, environment& world, const std::string& name,
                 actors::worker_ports ports);
  ~worker_process();

  /// As on SIGTERM: it gives its attempts up, says so, and ends.
  void stop();

private:
  actors::worker_actor actor_;
};

} // namespace skein::simulation
