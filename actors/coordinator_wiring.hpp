#pragma once

#include "actors/ambient.hpp"
#include "actors/api/http_api.hpp"
#include "actors/api/steering_api.hpp"
#include "actors/offer_queue.hpp"
#include "actors/shard.hpp"
#include "actors/types.hpp"
#include "actors/worker_facts.hpp"
#include "cluster/bus.hpp"
#include "config/workspace.hpp"

#include <caf/actor_system.hpp>

#include <string>
#include <vector>

/// The few lines between a coordinator's actors and what is outside: the bus, HTTP, the workspace.
namespace skein::actors {

/// The pool that tells people; the other is fleet_pool.
inline constexpr auto notifier_pool = "notifier";

dispatch_limits dispatch_limits_of(const config::workspace& space);

/// The channel of an agent that tells people; empty for all others.
std::string channel_of(const config::workspace& space, const std::string& agent);

/// The subjects that intake listens on: the usual one and every agent's OUTPUT_TOPIC.
std::vector<std::string> action_subjects(const config::workspace& space);

/// Adds what the workspace says of the agent to a piece of work, behind what all are given.
expected<void> equip(const config::workspace& space, const variables& for_all,
                     bus::assignment& work);

/// The last event of this log that is on the status stream for certain. The stream itself knows
/// best; only when it no longer has a message is the log's own cursor asked.
expected<uint64_t> status_position(cluster::bus& bus, const store::event_log& log);

/// Answers the lease, report and heartbeat calls of one pool's workers.
expected<std::vector<cluster::subscription>> serve_workers(cluster::bus& bus, const pool_actor& to,
                                                           const std::string& pool_name);

/// Hears what agents say, wherever they run.
expected<cluster::subscription> hear_agents(cluster::bus& bus,
                                            std::function<void(bus::agent_line)> heard);

/// What each order of a bulk is; fails when it means nothing in this workspace.
expected<migration::order> order_of(const config::workspace& space, const steering::bulk_plan&);

/// An order about the fleet from HTTP to the steersman; answered once it is in the book.
steer_port steering_port(caf::actor_system& system, steersman_actor to);

/// What an order about the fleet would do.
std::function<query_response(const steering_order&)>
steering_rehearsal(const store::log_reader& log, ambient world);

/// What an order would do; refused where its shard takes no orders for the migration any more.
query_response rehearse_order(const shard_ring& shards, const store::log_reader& log,
                              const deliver& what);

/// An operator's order from HTTP to the migration it is for, or to the scanner role over the bus.
std::function<void(operator_order, std::function<void(query_response)>)>
order_port(caf::actor_system& system, const config::workspace& space,
           std::shared_ptr<const shard_ring> shards, const store::log_reader& log,
           cluster::bus& bus, ambient world);

std::function<void(std::function<void(std::vector<pool_line>)>)>
fleet_port(caf::actor_system& system, pool_actor pool);

} // namespace skein::actors
