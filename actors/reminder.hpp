#pragma once

#include "actors/ambient.hpp"
#include "actors/shard.hpp"
#include "actors/types.hpp"
#include "store/view_store.hpp"

#include <memory>

namespace skein::actors {

/// State of the reminder: commands every migration to have its owner told again when that is due.
/// It keeps nothing: the view has the times, in their order, and the migrations themselves judge
/// whether it is so. So a migration that waits for days need not be awake.
struct reminder_state {
  static constexpr const char* name = "reminder";

  std::shared_ptr<const store::view_reader> view;
  std::shared_ptr<const shard_ring> shards;
  ambient world;
  std::string reached; ///< of this pass over what is due; empty: it begins
};

reminder_actor::behavior_type reminder(reminder_actor::stateful_pointer<reminder_state> self,
                                       std::shared_ptr<const store::view_reader> view,
                                       std::shared_ptr<const shard_ring> shards, ambient world);

} // namespace skein::actors
