#pragma once

#include "actors/ambient.hpp"
#include "actors/shard.hpp"
#include "actors/types.hpp"

namespace skein::actors {

/// State of the intake: turns requests off the bus into migrations, and lets go of a request only
/// when the log has it. How many it is given at once is the giver's business (intake_pump.hpp).
struct intake_state {
  static constexpr const char* name = "intake";

  workflow flow; ///< the one that new migrations follow
  ambient world;
  std::shared_ptr<const shard_ring> shards;
};

intake_actor::behavior_type intake(intake_actor::stateful_pointer<intake_state> self, workflow flow,
                                   std::shared_ptr<const shard_ring> shards, ambient world);

} // namespace skein::actors
