#pragma once

#include "actors/ambient.hpp"
#include "actors/circuit_breaker.hpp"
#include "actors/lease_table.hpp"
#include "actors/offer_queue.hpp"
#include "actors/shard.hpp"
#include "actors/steering_book.hpp"
#include "actors/types.hpp"

#include <deque>
#include <functional>
#include <memory>

namespace skein::actors {

/// What a pool is told once.
struct pool_options {
  dispatch_limits limits;
  config::breakers breakers;
  std::chrono::milliseconds lease_ttl{15'000};
  /// Adds the agent's command line, environment and limits; fails when there is no such agent.
  std::function<expected<void>(bus::assignment&)> equip;
  std::string name = fleet_pool;
  std::shared_ptr<const steering_book> steering = std::make_shared<const steering_book>();
};

struct waiting_worker {
  lease_call call;
  migration::timestamp until;
};

/// State of a pool: the supervisor of the attempts of a part of the fleet. Work is pulled: it
/// hands out leases only to workers that asked, within the limits, and ends the attempts of
/// workers that went silent. It keeps nothing that a restart could lose.
struct pool_state {
  static constexpr const char* name = "pool";

  pool_options options;
  ambient world;
  std::shared_ptr<const shard_ring> shards;
  offer_queue offers;
  lease_table leases;
  breaker_board breakers;
  std::map<step_key, step_info> starting; ///< taken from the queue, not yet in the log
  std::deque<waiting_worker> workers;
  bool is_dispatch_due = false;
  migration::timestamp started; ///< of this pool: leases unknown before one ttl are not revoked
};

pool_actor::behavior_type pool(pool_actor::stateful_pointer<pool_state> self, pool_options options,
                               std::shared_ptr<const shard_ring> shards, ambient world);

} // namespace skein::actors
