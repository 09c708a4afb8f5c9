#pragma once

#include "actors/coordinator_ports.hpp"
#include "cluster/bus.hpp"

#include <chrono>
#include <string_view>

/// A worker's ports as calls on the bus (subjects::fleet_lease and its kin). The bus must outlive
/// them. A pool's name that has no subject makes ports that always fail.
namespace skein::actors {

lease_port lease_port_of(cluster::bus& link, std::string_view pool);
report_port report_port_of(cluster::bus& link, std::string_view pool);
heartbeat_port heartbeat_port_of(cluster::bus& link, std::string_view pool);

/// Publishes lines as JSON on subjects::agent_log. Who does not listen misses them.
say_port say_port_of(cluster::bus& link);

} // namespace skein::actors
