#pragma once

#include "actors/runner.hpp"
#include "tests/simulation/environment.hpp"

#include <memory>

namespace skein::simulation {

/// Runs of agents that take virtual time and end as the dice say: well, held for a human, in any
/// class of failure, or not at all until they are told to stop. An agent's work is not simulated,
/// only what its runner says of it.
class simulated_runner : public actors::runner {
public:
  explicit simulated_runner(environment& world) : world_{world} {}

  tl::expected<std::unique_ptr<actors::run>, migration::setback>
  start(actors::launch what, actors::run_callbacks out) override;

private:
  environment& world_;
};

/// How an attempt of this agent ends, if it does.
std::variant<migration::success, migration::setback> draw_outcome(environment& world,
                                                                  const std::string& agent);

} // namespace skein::simulation
