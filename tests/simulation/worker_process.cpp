#include "tests/simulation/worker_process.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::simulation {

using namespace std::chrono_literals;

worker_process::worker_process(caf::actor_system& system, environment& world,
                               const std::string& name, actors::worker_ports ports)
    : actor_{
        system.spawn(actors::worker,
                     actors::worker_options{world.given.slots, world.given.lease_ttl, 2s, 2s, 1s},
                     std::move(ports), actors::worker_facts{name, "/bin", "/w", "/w/work", {}},
                     std::make_shared<simulated_runner>(world))} {}

worker_process::~worker_process() { caf::anon_send_exit(actor_, caf::exit_reason::kill); }

void worker_process::stop() { caf::anon_send(actor_, actors::atom::stop_v); }

} // namespace skein::simulation
