#include "actors/fleet_role.hpp"

#include "actors/bus_ports.hpp"
#include "actors/process_runner.hpp"
#include "actors/system.hpp"
#include "actors/worker.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <thread>

namespace skein::actors {

namespace {

worker_options options_of(const config::fleet& fleet) {
  worker_options options;
  options.slots = fleet.slots > 0 ? fleet.slots : std::max(1u, std::thread::hardware_concurrency());
  options.lease_ttl = fleet.lease_ttl;
  return options;
}

} // namespace

struct fleet_role::impl {
  ~impl() { caf::anon_send(worker, atom::stop_v); }

  system_config config;
  caf::actor_system system{config}; // its end waits for the worker's
  worker_actor worker;
};

expected<std::unique_ptr<fleet_role>> fleet_role::start(const parts& given) {
  const auto facts = facts_here(*given.space, given.name);
  clear_work(facts);
  auto owned = std::make_unique<impl>();
  const worker_ports ports{lease_port_of(*given.bus, given.pool),
                           report_port_of(*given.bus, given.pool),
                           heartbeat_port_of(*given.bus, given.pool), say_port_of(*given.bus)};
  const auto options = options_of(given.space->fleet);
  auto runs = given.runs ? given.runs : std::make_shared<process_runner>();
  owned->worker = owned->system.spawn(worker, options, ports, facts, std::move(runs));
  log::info("fleet-started", "worker {} offers {} slots to pool {}", facts.worker, options.slots,
            given.pool);
  return std::unique_ptr<fleet_role>{new fleet_role{std::move(owned)}};
}

fleet_role::fleet_role(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

fleet_role::~fleet_role() = default;

} // namespace skein::actors
