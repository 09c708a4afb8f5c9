#pragma once

#include "actors/offer_queue.hpp"
#include "config/workspace.hpp"
#include "events/workflow.hpp"
#include "tests/simulation/dice.hpp"

#include <chrono>
#include <cstdint>

namespace skein::simulation {

/// How the bus treats core messages (requests, replies) while there is chaos.
struct bus_faults {
  uint64_t loss_percent = 0;
  uint64_t duplicate_percent = 0;
  std::chrono::milliseconds delay_max{0};
  bool partitions = false; ///< a worker is cut off for a while
};

/// What one seed draws before it starts: how large the world is, and which kinds of trouble are in
/// it. Each kind is left out of about half of all runs, since one kind of trouble can hide what
/// another would have shown (Groce et al., "Swarm Testing", ISSTA 2012).
struct plan {
  uint64_t seed = 0;
  std::size_t datasets = 1;
  workflow flow;
  actors::dispatch_limits limits;
  config::breakers breakers;
  std::chrono::milliseconds lease_ttl{3000};
  bus_faults bus;
  uint64_t publish_failure_percent = 0; ///< of batches for durable streams
  uint64_t crash_one_in = 0;            ///< steps between power cuts of the coordinator; 0: none
  uint64_t disk_failure_one_in = 0;     ///< commits
  uint64_t starvation_one_in = 0;       ///< an actor that is not run for a while
  std::size_t awake_max = 1000;         ///< migrations of a shard
  std::size_t workers = 1;
  uint32_t slots = 1;
  bool workers_die = false;
  bool notifier_dies = false;
  std::size_t liars = 0;
  bool operators = false;
  bool agents_fail = false;
  bool agents_hold = false;
  std::chrono::milliseconds chaos{60'000}; ///< how long faults go on; then all behave
  config::notifications how;               ///< on which channels, and when, people are told
};

plan draw_plan(uint64_t seed);

} // namespace skein::simulation
