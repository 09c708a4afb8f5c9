#pragma once

#include "actors/ambient.hpp"
#include "actors/types.hpp"
#include "store/event_log.hpp"
#include "store/view_store.hpp"

#include <caf/response_promise.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <memory>

namespace skein::actors {

/// What every migration of one coordinator shares.
struct migration_context {
  std::shared_ptr<store::event_log> log;
  journal_actor journal;
  pool_actor pool;
  digest_actor digest;
  /// Whether steps of this agent are carried out by the notifier rather than the fleet.
  std::function<bool(const std::string& agent)> tells;
  /// Where shards look for migrations that wait. Null: none ever waits.
  std::shared_ptr<const store::view_reader> view;
  /// How many migrations a shard keeps awake for what they owe. Those beyond wait in the log.
  std::size_t awake_max = 2'500;
};

/// A commit under way: commands wait until it is over.
struct pending_commit {
  std::vector<migration::event> events;
  migration::timestamp at;
  std::optional<std::string> started; ///< the step that `start_attempt` starts
  caf::typed_response_promise<receipt> answer;
};

/// State of a persistent migration. Its life has three phases: *recovering* (before the first
/// message is looked at: newest snapshot, then the events after it), *idle* (a command may be
/// decided) and *committing* (events are on their way to the log; everything else waits in order).
struct migration_actor_state {
  static constexpr const char* name = "migration";

  std::shared_ptr<const migration_context> context;
  shard_actor shard;
  std::string id;
  migration::state now;
  uint64_t version = 0;
  uint64_t snapshot_version = 0;
  std::vector<migration::effect> owed; ///< of `now`, and performed
  bool told_moving = false;            ///< what the digest was last told
  bool waits = false;     ///< performs nothing of what it owes until it is woken for it
  bool has_acted = false; ///< what it owed before its last commit has been performed
  std::optional<pending_commit> committing;
};

using migration_pointer = migration_actor::stateful_pointer<migration_actor_state>;

migration_actor::behavior_type migration_behavior(migration_pointer self, std::string id,
                                                  std::shared_ptr<const migration_context> context,
                                                  shard_actor shard, bool waits);

/// Rebuilds a migration from the log: the newest snapshot of this schema and the events after it.
struct recovered {
  migration::state now;
  uint64_t version = 0;
  uint64_t snapshot_version = 0;
};
expected<recovered> recover(const store::log_reader& log, const std::string& id);

} // namespace skein::actors
