#pragma once

#include "actors/ambient.hpp"
#include "actors/news.hpp"
#include "actors/shard.hpp"
#include "actors/steering_book.hpp"
#include "actors/types.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace skein::actors {

struct digest_options {
  /// How long the first notice of a scan waits for the rest of it.
  std::chrono::seconds wait_max{600};
  /// How long a scan must have been still: its requests may not all have arrived.
  std::chrono::milliseconds quiet{1500};
  /// Longer than a worker's: the notifier gathers before it can send.
  std::chrono::milliseconds lease_ttl{120'000};
  /// The channel of a telling agent.
  std::function<std::string(const std::string& agent)> channel_of;
  /// Sends notices of one digest on a channel; called once a digest. Must not block for long.
  std::function<void(const std::string& channel, std::vector<bus::notice>)> publish;
  std::shared_ptr<const steering_book> steering = std::make_shared<const steering_book>();
  config::notifications how;
  std::set<std::string> channels{"email"}; ///< that an agent tells people on
};

/// What one scan has to tell, until it is complete.
struct gathering {
  std::set<std::string> moving; ///< migrations with work before them
  news what;
  migration::timestamp first{};   ///< of the news that waits
  migration::timestamp stirred{}; ///< when anything last happened
};

/// State of the digest: holds back what is to be told until a scan's migrations rest, so that an
/// owner gets one mail for all of them; and then, if the workspace says so, until its hour of the
/// day, or the end of quiet hours. Everything it holds is owed by a migration and offered again
/// after a restart.
struct digest_state {
  static constexpr const char* name = "digest";

  digest_options options;
  ambient world;
  std::shared_ptr<const shard_ring> shards;
  std::map<std::string, gathering> scans;
  std::map<migration::timestamp, news> later; ///< by when it is told
  /// Tellings that were published and are not in the log yet, by migration. A migration may sleep
  /// meanwhile, and offers what it owes again whenever it wakes.
  std::map<std::string, uint64_t> published;
};

digest_actor::behavior_type digest(digest_actor::stateful_pointer<digest_state> self,
                                   digest_options options, std::shared_ptr<const shard_ring> shards,
                                   ambient world);

} // namespace skein::actors
