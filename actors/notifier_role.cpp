#include "actors/notifier_role.hpp"

#include "actors/bus_ports.hpp"
#include "actors/notice_pump.hpp"
#include "actors/notifier.hpp"
#include "actors/process_runner.hpp"
#include "actors/system.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

/// Both the pool and the worker that the coordinator leases telling steps to.
const std::string notifier_name = "notifier";

/// What is urgent, and whoever tries a channel, does not wait.
std::chrono::milliseconds quiet_for(const config::notifications& how, const std::string& kind) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (how.urgent.contains(kind) || kind == "test")
    return std::chrono::milliseconds{0};
  return config::quiet_until(how.quiet, now) - now;
}

notifier_options options_of(const notifier_role::parts& given) {
  const auto& space = *given.space;
  notifier_options options;
  for (const auto& [name, agent] : space.agents)
    if (!agent.channel.empty())
      options.agents.emplace(agent.channel, agent);
  options.defaults = default_environment(space, given.metadata_api, given.nats_url);
  options.defaults.insert(options.defaults.end(), given.api.begin(), given.api.end());
  options.lease_ttl = space.fleet.lease_ttl;
  options.touch_every = notice_pump::ack_wait / 3;
  options.quiet_for
      = [how = space.notifications](const std::string& kind) { return quiet_for(how, kind); };
  return options;
}

worker_facts facts_of(const config::workspace& space) {
  auto facts = facts_here(space, notifier_name);
  facts.worker = notifier_name;
  return facts;
}

} // namespace

struct notifier_role::impl {
  ~impl() {
    pumps.clear();
    caf::anon_send(actor, atom::stop_v);
  }

  system_config config;
  caf::actor_system system{config}; // its end waits for the notifier's
  notifier_actor actor;
  std::vector<std::unique_ptr<notice_pump>> pumps;
};

expected<std::unique_ptr<notifier_role>> notifier_role::start(const parts& given) {
  const auto facts = facts_of(*given.space);
  clear_work(facts);
  auto owned = std::make_unique<impl>();
  const auto options = options_of(given);
  const notifier_ports ports{report_port_of(*given.bus, notifier_name),
                             heartbeat_port_of(*given.bus, notifier_name), say_port_of(*given.bus)};
  owned->actor
      = owned->system.spawn(notifier, options, ports, facts, std::make_shared<process_runner>());
  for (const auto& [channel, agent] : options.agents) {
    auto pump = notice_pump::start(*given.bus, channel, [to = owned->actor](notice_delivery one) {
      caf::anon_send(to, std::move(one));
    });
    if (!pump)
      return tl::unexpected{pump.error()};
    owned->pumps.push_back(std::move(*pump));
    log::info("notifier-started", "channel {} is told by agent {}", channel, agent.name);
  }
  return std::unique_ptr<notifier_role>{new notifier_role{std::move(owned)}};
}

notifier_role::notifier_role(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

notifier_role::~notifier_role() = default;

} // namespace skein::actors
