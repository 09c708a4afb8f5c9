#pragma once

#include "actors/ambient.hpp"
#include "actors/shard.hpp"
#include "actors/steering_book.hpp"
#include "actors/types.hpp"
#include "store/view_store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace skein::actors {

/// What a log says; the last event that counts is in `version`. Blank where it cannot be read.
struct steering_in_log {
  uint64_t version = 0; ///< of the stream
  steering::state state;
};

/// Folds what the stream has behind `from`.
steering_in_log read_steering(const store::event_log& log, steering_in_log from = {});

struct steersman_options {
  std::shared_ptr<const store::event_log> log;    ///< outlives him, as the view does
  std::shared_ptr<const store::view_reader> view; ///< which migrations a bulk is for
  std::shared_ptr<steering_book> book;            ///< is told of every change
  /// What a bulk orders; fails when it means nothing here.
  std::function<expected<migration::order>(const steering::bulk_plan&)> order_of;
  steering_in_log then = {}; ///< what the log says when he is spawned
};

/// One page of a bulk that is being ordered.
struct bulk_round {
  std::string reached;
  std::size_t open = 0; ///< orders without an answer
  uint64_t obeyed = 0, refused = 0;
  bool is_broken = false; ///< an order could not be decided now: the page is given again
};

/// State of the steersman: the only one who orders about the fleet as a whole. What he was told is
/// in the log before he acts on it, in a stream of its own (events/steering.hpp); all bulks that it
/// says are under way he carries on, also after a restart: page by page, and each page is noted
/// once all of its orders are answered. So a crash can repeat the orders of one page, which the
/// migrations refuse or obey once more as they would if an operator gave them twice.
struct steersman_state {
  static constexpr const char* name = "steersman";

  steersman_options options;
  std::shared_ptr<const shard_ring> shards;
  ambient world;
  steering_in_log now;                      ///< as far as it is folded
  std::map<std::string, bulk_round> rounds; ///< by the bulk's id
};

/// The book has what the log says when this is spawned: others look into it before he has begun.
steersman_actor::behavior_type steersman(steersman_actor::stateful_pointer<steersman_state> self,
                                         steersman_options options,
                                         std::shared_ptr<const shard_ring> shards, ambient world);

} // namespace skein::actors
