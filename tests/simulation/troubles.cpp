// What happens to a simulated world: who comes and goes, who asks for what, and what goes wrong.
#include "cluster/subjects.hpp"
#include "events/migration_id.hpp"
#include "tests/simulation/world.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::simulation {

namespace {

using namespace std::chrono_literals;

std::string dataset(std::size_t index) { return "dataset-" + std::to_string(index); }
std::string worker(std::size_t index) { return "host/worker-" + std::to_string(index); }

} // namespace

// -- the coordinator --------------------------------------------------------------------------

bool world::strikes() {
  const auto odds = env_.given.crash_one_in;
  return !env_.calm && coordinator_ && odds > 0 && env_.dice.one_in(odds);
}

void world::crash() {
  env_.tell("the coordinator is gone {}", coordinator_->failure());
  ++result_.crashes;
  coordinator_.reset();
  const auto down_for = env_.dice.one_in(3) ? 0ms : env_.dice.between(0ms, 8000ms);
  env_.after(down_for, [this] { start_coordinator(); });
  // A snapshot that an earlier life might have left, of any age or of another Skein.
  for (const auto& [id, of] : checks_.book().migrations())
    if (env_.dice.one_in(4))
      disk_.plant_snapshot(id, env_.dice.one_in(4)
                                   ? store::snapshot{state_schema + 1, of.version, "not for us"}
                                   : store::snapshot{state_schema, of.version, encode(of.now)});
}

void world::start_coordinator() {
  env_.tell("a coordinator starts");
  coordinator_ = std::make_unique<coordinator_process>(
      coordinator_process::parts{&system_, &env_, &disk_, &streams_, &checks_});
}

// -- the fleet --------------------------------------------------------------------------------

template <class Reply, class Call>
auto world::port(const std::string& peer, std::chrono::milliseconds patience) {
  return [this, peer, patience](Call what, std::function<void(expected<Reply>)> done) {
    wire_.call<Reply, Call>(
        peer, what, patience,
        [this](const Call& call, std::function<void(const Reply&)> reply) {
          if (coordinator_)
            coordinator_->hear(call, std::move(reply));
        },
        std::move(done));
  };
}

actors::worker_ports world::ports_of(const std::string& peer) {
  return {port<bus::lease_reply, bus::lease_request>(peer, 4s),
          port<bus::report_reply, bus::report>(peer, 5s),
          port<bus::heartbeat_reply, bus::heartbeat>(peer, 5s), [](const bus::agent_line&) {}};
}

void world::start_worker(std::size_t index) {
  const auto name = worker(index);
  env_.tell("{} starts", name);
  workers_.resize(std::max(workers_.size(), index + 1));
  workers_[index] = std::make_unique<worker_process>(system_, env_, name, ports_of(name));
}

void world::start_notifier() {
  env_.tell("the notifier starts");
  auto ports = ports_of("notifier");
  notifier_ = std::make_unique<notifier_process>(
      system_, env_, notices_, actors::notifier_ports{ports.report, ports.heartbeat, ports.say});
}

worker_lines world::lines_of(const std::string& peer) {
  auto ports = ports_of(peer);
  return {[lease = ports.lease](const bus::lease_request& call, auto taken) {
            lease(call, [taken](expected<bus::lease_reply> reply) {
              if (reply)
                taken(*reply);
            });
          },
          [report = ports.report](const bus::report& call) { report(call, [](const auto&) {}); },
          [beat = ports.heartbeat](const bus::heartbeat& call) { beat(call, [](const auto&) {}); }};
}

/// Each in its own time, until it is calm.
void world::start_liars() {
  for (std::size_t i = 0; i < env_.given.liars; ++i) {
    const auto name = "host/liar-" + std::to_string(i);
    auto each = std::make_shared<liar>(env_, name, lines_of(name));
    liars_.push_back(each);
    lie(each);
  }
}

void world::lie(const std::shared_ptr<liar>& who) {
  env_.after(env_.dice.between(50ms, 2000ms), [this, who] {
    if (env_.calm)
      return;
    who->act();
    lie(who);
  });
}

void world::disturb_workers() {
  env_.after(env_.dice.between(500ms, 8000ms), [this] {
    if (env_.calm)
      return;
    const auto index = env_.dice.below(workers_.size());
    if (env_.given.workers_die && workers_[index])
      env_.dice.one_in(3) ? replace_worker(index) : kill_worker(index);
    if (env_.given.notifier_dies && notifier_ && env_.dice.one_in(2)) {
      env_.tell("the notifier dies");
      notifier_.reset();
      env_.after(env_.dice.between(0ms, 5000ms), [this] { start_notifier(); });
    }
    disturb_workers();
  });
}

void world::kill_worker(std::size_t index) {
  env_.tell("{} dies", worker(index));
  workers_[index].reset();
  env_.after(env_.dice.between(0ms, 5000ms), [this, index] { start_worker(index); });
}

/// Stops it as an operator does, and starts the next one when it should be gone.
void world::replace_worker(std::size_t index) {
  env_.tell("{} is stopped", worker(index));
  workers_[index]->stop();
  env_.after(4s, [this, index] { start_worker(index); });
}

void world::partition_somebody() {
  env_.after(env_.dice.between(1000ms, 10'000ms), [this] {
    if (env_.calm)
      return;
    const auto who = env_.dice.below(workers_.size() + 1);
    const auto name = who == workers_.size() ? "notifier" : worker(who);
    const auto until = env_.now + env_.dice.between(500ms, 10'000ms);
    env_.tell("{} is cut off", name);
    wire_.partition(name, until);
    partition_somebody();
  });
}

// -- people -----------------------------------------------------------------------------------

void world::schedule_requests() {
  for (std::size_t i = 0; i < env_.given.datasets; ++i)
    for (auto times = env_.dice.between(1, 3); times > 0; --times)
      env_.after(env_.dice.between(0ms, env_.given.chaos / 2), [this, i] { request(i); });
}

/// A scan publishes what it has found, and again if it is not sure that it was taken.
void world::request(std::size_t index) {
  const bus::migrate_request what{dataset(index), "v1", "v2",
                                  "scan-" + std::to_string(env_.dice.below(3))};
  const cluster::durable_message message{cluster::subjects::actions,
                                         encode(what, bus::encoding::json),
                                         "request:" + what.scan + ":" + what.dataset};
  if (!actions_.publish({&message, 1}).why.empty())
    env_.after(1s, [this, index] { request(index); });
}

void world::order_around() {
  env_.after(env_.dice.between(200ms, 4000ms), [this] {
    if (env_.calm)
      return resume_all();
    if (coordinator_) {
      const auto id = migration_id(dataset(env_.dice.below(env_.given.datasets)), "v2");
      const auto draw = env_.dice.below(10);
      const auto what = draw < 1   ? migration::order{migration::cancel{}}
                        : draw < 5 ? migration::order{migration::retry{}}
                        : draw < 8 ? migration::order{migration::approve{}}
                        : draw < 9 ? migration::order{migration::pause{}}
                                   : migration::order{migration::resume{}};
      env_.tell("an operator orders {} {}", id, name_of(what));
      coordinator_->order(id, what, "user:default/operator");
    }
    order_around();
  });
}

/// What operators have paused would never come to rest by itself.
void world::resume_all() {
  if (!coordinator_)
    return env_.after(1s, [this] { resume_all(); });
  for (std::size_t i = 0; i < env_.given.datasets; ++i)
    coordinator_->order(migration_id(dataset(i), "v2"), migration::resume{},
                        "user:default/operator");
}

} // namespace skein::simulation
