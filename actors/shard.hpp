#pragma once

#include "actors/migration.hpp"
#include "actors/types.hpp"

#include <caf/actor_addr.hpp>

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace skein::actors {

class shard_ring;

struct late_command {
  deliver what;
  caf::typed_response_promise<receipt> answer;
};

/// A migration that is awake, or going to sleep.
struct awake_migration {
  migration_actor actor;
  bool stopping = false;
  bool waits = false; ///< it sleeps although it owes something: there was no room
  /// Commands that came while it was going to sleep: for its next incarnation.
  std::deque<late_command> late;
};

/// The migrations that owe something and are not awake, since no more than so many may be. They are
/// looked for in the view, in passes from the first of them to the last. A pass that began when the
/// view had all of `through` has seen every one that went to sleep up to there.
struct waiting_migrations {
  bool any = false;
  uint64_t through = 0;    ///< the log's end when the last of them went to sleep
  std::string reached;     ///< of this pass; empty: it begins
  uint64_t seen_up_to = 0; ///< the view's cursor when this pass began
  bool is_due = false;     ///< a tick is on its way
};

/// The migrations of a coordinator that failed so often that their shard takes no more orders for
/// them. Any thread.
class failed_for_good {
public:
  void add(const std::string& id);

  /// Fails, with the sentence for the operator, for those.
  expected<void> admits(const std::string& id) const;

private:
  mutable std::mutex guard_;
  std::unordered_set<std::string> ids_;
};

/// State of a shard: the supervisor of a share of the migrations.
///
/// It wakes a migration when a command for it comes, lets it sleep when it has nothing to do, and
/// keeps its failures from the rest: a migration that fails is rebuilt from the log, and one that
/// keeps failing is quarantined, with the reason as its last event. Memory follows what is in
/// motion: beyond `awake_max` a new migration goes to sleep as soon as it is in the log.
struct shard_state {
  static constexpr const char* name = "shard";

  std::shared_ptr<const migration_context> context;
  ambient world;
  std::unordered_map<std::string, awake_migration> awake;
  std::map<caf::actor_addr, std::string> ids;
  std::unordered_map<std::string, uint32_t> failures;
  waiting_migrations waiting;
  std::shared_ptr<const shard_ring> ring;
};

shard_actor::behavior_type shard(shard_actor::stateful_pointer<shard_state> self,
                                 std::shared_ptr<const migration_context> context,
                                 std::shared_ptr<const shard_ring> ring, ambient world);

/// All shards of a coordinator, as one address. Filled once, before the first message is sent:
/// pool and digest are given it first, since every shard needs to know them.
class shard_ring {
public:
  void fill(std::vector<shard_actor> shards) { shards_ = std::move(shards); }

  /// Has every shard take up what it finds in the view. Only once the ring is filled.
  void take_up_work() const;

  /// The shard that a migration belongs to, for the life of this process.
  const shard_actor& of(const std::string& id) const {
    return shards_[std::hash<std::string>{}(id) % shards_.size()];
  }

  /// What the shards know of each other's failures, and orders that are only rehearsed are held
  /// against.
  failed_for_good& failed() const { return *failed_; }

private:
  std::vector<shard_actor> shards_;
  const std::unique_ptr<failed_for_good> failed_ = std::make_unique<failed_for_good>();
};

} // namespace skein::actors
