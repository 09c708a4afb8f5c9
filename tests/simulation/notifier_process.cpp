#include "tests/simulation/notifier_process.hpp"

#include "tests/simulation/coordinator_process.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::simulation {

namespace {

using namespace std::chrono_literals;

actors::notifier_options options_of(const environment& world) {
  config::agent agent;
  agent.name = telling_agent;
  agent.command = {telling_agent};
  actors::notifier_options options;
  for (const auto* each : {channel, other_channel}) {
    agent.channel = each;
    options.agents.emplace(each, agent);
  }
  options.lease_ttl = world.given.lease_ttl;
  options.gather_max = 5s;
  options.touch_every = 4s;
  options.retry_after = 1s;
  return options;
}

} // namespace

notifier_process::notifier_process(caf::actor_system& system, environment& world,
                                   durable_stream& notices, actors::notifier_ports ports)
    : notices_{notices},
      actor_{system.spawn(actors::notifier, options_of(world), std::move(ports),
                          actors::worker_facts{"notifier", "/bin", "/w", "/w/work", {}},
                          std::make_shared<simulated_runner>(world))} {}

notifier_process::~notifier_process() {
  *lives_ = false;
  caf::anon_send_exit(actor_, caf::exit_reason::kill);
}

void notifier_process::fetch_notices() {
  for (const auto* one : notices_.fetch(16)) {
    const auto answer = [this, lives = lives_, sequence = one->sequence](auto how) {
      return [this, lives, sequence, how](auto... more) {
        if (*lives)
          (notices_.*how)(sequence, more...);
      };
    };
    const auto& subject = one->message.subject;
    caf::anon_send(actor_, actors::notice_delivery{
                               subject.substr(subject.rfind('.') + 1),
                               *bus::decode<bus::notice>(one->message.data), one->sequence,
                               one->deliveries, answer(&durable_stream::ack),
                               answer(&durable_stream::nak), answer(&durable_stream::in_progress)});
  }
}

} // namespace skein::simulation
