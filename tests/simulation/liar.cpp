#include "tests/simulation/liar.hpp"

#include "events/migration_id.hpp"
#include "tests/simulation/simulated_runner.hpp"

namespace skein::simulation {

void liar::act() {
  switch (world_.dice.below(4)) {
    case 0: return ask();
    case 1: return beat();
    default: return report();
  }
}

void liar::ask() {
  lines_.ask({name_, static_cast<uint32_t>(world_.dice.between(0, 3)),
              world_.dice.between(std::chrono::milliseconds{0}, std::chrono::milliseconds{3000})},
             [this](const bus::lease_reply& reply) {
               taken_.insert(taken_.end(), reply.assignments.begin(), reply.assignments.end());
             });
}

std::string liar::any_migration() {
  return migration_id("dataset-" + std::to_string(world_.dice.below(world_.given.datasets + 1)),
                      "v2");
}

/// About an attempt that nobody leased to it. Its epoch is not one that can be at work by chance:
/// whoever knows an attempt's epoch is taken for its worker.
bus::report::item liar::invent() {
  const auto& steps = world_.given.flow.steps;
  const auto& step = steps[world_.dice.below(steps.size())];
  return {any_migration(),
          {world_.dice.one_in(5) ? "nosuch" : step.name, 1, 1'000'000 + world_.dice.below(10),
           draw_outcome(world_, step.agent)}};
}

/// About one that it had, at some time, perhaps with another epoch.
bus::report::item liar::recall() {
  const auto& work = world_.dice.pick(taken_);
  const auto epoch = world_.dice.one_in(4) ? work.epoch - 1 : work.epoch;
  return {work.migration, {work.step, work.attempt, epoch, draw_outcome(world_, work.agent)}};
}

void liar::report() {
  bus::report what{name_, {}};
  const auto count = world_.dice.between(0, 3);
  for (std::size_t i = 0; i < count; ++i) {
    if (!told_.empty() && world_.dice.one_in(3))
      what.items.push_back(world_.dice.pick(told_));
    else
      what.items.push_back(taken_.empty() || world_.dice.one_in(3) ? invent() : recall());
    told_.push_back(what.items.back());
  }
  lines_.report(what);
}

void liar::beat() {
  bus::heartbeat what{name_, {}};
  for (const auto& work : taken_)
    if (world_.dice.one_in(2))
      what.leases.push_back({work.migration, work.step,
                             world_.dice.one_in(5) ? work.epoch + 1 : work.epoch, 0.5, "working"});
  lines_.beat(what);
}

} // namespace skein::simulation
