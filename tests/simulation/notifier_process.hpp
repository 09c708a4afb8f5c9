#pragma once

#include "actors/notifier.hpp"
#include "tests/simulation/durable_stream.hpp"
#include "tests/simulation/simulated_runner.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace skein::simulation {

/// One life of the notifier: the real actor, fed from the simulated stream of notices. Destroying
/// it is kill -9.
class notifier_process {
public:
  notifier_process(caf::actor_system& system, environment& world, durable_stream& notices,
                   actors::notifier_ports ports);
  ~notifier_process();

  void fetch_notices();

private:
  durable_stream& notices_;
  std::shared_ptr<bool> lives_ = std::make_shared<bool>(true);
  actors::notifier_actor actor_;
};

} // namespace skein::simulation
