#include "actors/coordinator_wiring.hpp"

#include "actors/api/preconditions.hpp"
#include "actors/api/rehearsal.hpp"
#include "actors/relay.hpp"
#include "cluster/subjects.hpp"
#include "config/log.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <charconv>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

constexpr std::chrono::seconds order_patience{30};
constexpr std::chrono::seconds scan_patience{10};

std::optional<uint64_t> number_in(const std::string& text) {
  uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

/// The event's sequence that a status message carries, if it is of this log.
std::optional<uint64_t> sequence_of(const cluster::message& what, const std::string& log_id) {
  std::string log, sequence;
  for (const auto& [name, value] : what.headers) {
    if (name == log_header)
      log = value;
    if (name == sequence_header)
      sequence = value;
  }
  return log == log_id ? number_in(sequence) : std::nullopt;
}

/// Hears calls on one subject and hands each to the actor with the way to answer it.
template <class Call, class Reply>
expected<cluster::subscription> serve(cluster::bus& bus, const expected<std::string>& subject,
                                      pool_actor to) {
  if (!subject)
    return tl::unexpected{subject.error()};
  return bus.subscribe(*subject, {}, [&bus, to](cluster::message call) {
    auto what = skein::bus::decode<Call>(call.data);
    if (!what)
      return log::warn("call-unreadable", "on {}: {}", call.subject, what.error().what);
    caf::anon_send(to, bus_call<Call, Reply>{std::move(*what), [&bus, call](const Reply& reply) {
                                               (void)bus.respond(call, encode(reply));
                                             }});
  });
}

expected<migration::order> roll_back_by(const config::workspace& space) {
  if (!space.agents.contains(space.fleet.rollback))
    return fail("this workspace has no agent '" + space.fleet.rollback
                + "' to put an old version back; add one to the agents folder, or name another as "
                  "\"rollback\" under \"fleet\" in skein.yaml, and restart");
  const step usual;
  return migration::roll_back{space.fleet.rollback, usual.timeout, usual.retry};
}

expected<migration::order> order_of(const config::workspace& space, const operator_order& what) {
  switch (what.verb) {
    case operator_verb::approve: return migration::approve{};
    case operator_verb::reject: return migration::reject{};
    case operator_verb::cancel: return migration::cancel{};
    case operator_verb::pause: return migration::pause{};
    case operator_verb::resume: return migration::resume{};
    case operator_verb::hold: return migration::hold{};
    case operator_verb::skip: return migration::skip{what.details.step};
    case operator_verb::override_input:
      return migration::override_input{what.details.step, what.details.input};
    case operator_verb::set_priority: return migration::set_priority{what.details.priority};
    case operator_verb::roll_back: return roll_back_by(space);
    case operator_verb::retry:
    case operator_verb::scan: break;
  }
  if (what.details.step.empty())
    return migration::retry{};
  return migration::retry_from{what.details.step};
}

using answer = std::function<void(query_response)>;

void order_scan(cluster::bus& bus, const answer& reply) {
  bus.request_async(cluster::subjects::scanner_run, "{}", scan_patience,
                    [reply](expected<cluster::message> said) {
                      if (said)
                        return reply({200, "application/json", said->data});
                      reply(problem(503, "no scanner answered: " + said.error().what));
                    });
}

query_response response_of(const std::string& id, const receipt& done) {
  return json_response(
      {{"id", id}, {"version", done.version}, {"phase", std::string{to_string(done.phase)}}});
}

query_response response_of(caf::actor_system& system, const caf::error& why) {
  if (const auto& what = why.context(); why == fault::changed)
    return has_changed(what.get_as<std::string>(0), what.get_as<uint64_t>(1));
  const auto sentence = system.render(why);
  return problem(why == fault::refused ? 409 : 503, sentence);
}

/// One order under way: lives until it is answered.
caf::behavior ordering(caf::event_based_actor* self, const shard_actor& to, deliver what,
                       answer reply) {
  const auto id = what.id;
  self->request(to, order_patience, std::move(what))
      .then([=](const receipt& done) { reply(response_of(id, done)); },
            [=](const caf::error& why) { reply(response_of(self->system(), why)); });
  return {};
}

caf::behavior asking_pool(caf::event_based_actor* self, const pool_actor& pool,
                          const std::function<void(std::vector<pool_line>)>& reply) {
  self->request(pool, order_patience, atom::status_v)
      .then(
          [=](const pool_status& now) {
            reply({{fleet_pool, now.waiting, now.running, now.workers, now.breakers}});
          },
          [=](const caf::error&) { reply({}); });
  return {};
}

} // namespace

dispatch_limits dispatch_limits_of(const config::workspace& space) {
  dispatch_limits limits;
  limits.total = space.limits.running;
  limits.per_owner = space.limits.per_owner;
  limits.per_storage = space.limits.per_storage;
  for (const auto& [name, agent] : space.agents)
    if (agent.concurrency > 0)
      limits.per_agent[name] = agent.concurrency;
  return limits;
}

std::string channel_of(const config::workspace& space, const std::string& agent) {
  const auto* found = space.agent_for(agent);
  return found ? found->channel : std::string{};
}

std::vector<std::string> action_subjects(const config::workspace& space) {
  std::vector<std::string> subjects{cluster::subjects::actions};
  for (const auto& [name, agent] : space.agents)
    for (const auto& [key, value] : agent.environment)
      if (key == "OUTPUT_TOPIC" && value != cluster::subjects::actions)
        subjects.push_back(value);
  return subjects;
}

expected<void> equip(const config::workspace& space, const variables& for_all,
                     bus::assignment& work) {
  const auto* agent = space.agent_for(work.agent);
  if (!agent)
    return fail("the workspace defines no agent '" + work.agent
                + "'; add it to the agents folder and have the migration tried again");
  work.command = agent->command;
  work.environment = for_all;
  work.environment.insert(work.environment.end(), agent->environment.begin(),
                          agent->environment.end());
  work.cpu = agent->limits.cpu;
  work.memory_bytes = agent->limits.memory_bytes;
  work.image = agent->image;
  return {};
}

expected<uint64_t> status_position(cluster::bus& bus, const store::event_log& log) {
  const auto last = bus.last_message(cluster::streams::status);
  if (!last)
    return tl::unexpected{last.error()};
  if (*last)
    if (const auto sequence = sequence_of(**last, log.log_id()))
      return *sequence;
  const auto state = bus.stream_info(cluster::streams::status);
  if (!state)
    return tl::unexpected{state.error()};
  // A stream that never had a message is new: it is given everything.
  return state->last_sequence == 0 ? expected<uint64_t>{0} : log.cursor(relay_cursor);
}

expected<std::vector<cluster::subscription>> serve_workers(cluster::bus& bus, const pool_actor& to,
                                                           const std::string& pool_name) {
  using namespace cluster::subjects;
  namespace wire = skein::bus;
  std::vector<cluster::subscription> all;
  expected<cluster::subscription> each[]{
      serve<wire::lease_request, wire::lease_reply>(bus, fleet_lease(pool_name), to),
      serve<wire::report, wire::report_reply>(bus, fleet_report(pool_name), to),
      serve<wire::heartbeat, wire::heartbeat_reply>(bus, fleet_heartbeat(pool_name), to),
  };
  for (auto& one : each) {
    if (!one)
      return tl::unexpected{one.error()};
    all.push_back(std::move(*one));
  }
  return all;
}

expected<cluster::subscription> hear_agents(cluster::bus& bus,
                                            std::function<void(bus::agent_line)> heard) {
  const auto take = [heard = std::move(heard)](const cluster::message& said) {
    const auto how = skein::bus::encoding_of(header_of(said, "Content-Type"));
    if (!how)
      return;
    // What cannot be read is nobody's loss: it is not kept for good anyway.
    if (auto line = skein::bus::decode<skein::bus::agent_line>(said.data, *how))
      heard(*std::move(line));
  };
  return bus.subscribe(cluster::subjects::agent_log_all, {}, take);
}

expected<migration::order> order_of(const config::workspace& space,
                                    const steering::bulk_plan& plan) {
  const auto verb = verb_named(plan.order);
  if (!verb)
    return fail("there is no order '" + plan.order + "' for a migration");
  return order_of(space, operator_order{*verb, {}, {}, {}, {plan.step, plan.input, plan.priority}});
}

steer_port steering_port(caf::actor_system& system, steersman_actor to) {
  return [&system, to](steering_order what, refusal_reply reply) {
    system.spawn(
        [](caf::event_based_actor* self, const steersman_actor& steersman, steering_order order,
           const refusal_reply& done) -> caf::behavior {
          self->request(steersman, order_patience, std::move(order))
              .then([=](const receipt&) { done(std::nullopt); },
                    [=](const caf::error& why) { done(response_of(self->system(), why)); });
          return {};
        },
        to, std::move(what), std::move(reply));
  };
}

std::function<query_response(const steering_order&)>
steering_rehearsal(const store::log_reader& log, ambient world) {
  return [&log, world](const steering_order& order) {
    return rehearse(
        log, std::string{steering::stream},
        {world.now(), order.actor, order.reason, world.random(), migration::steer{order.what}});
  };
}

query_response rehearse_order(const shard_ring& shards, const store::log_reader& log,
                              const deliver& what) {
  if (const auto fine = shards.failed().admits(what.id); !fine)
    return problem(409, to_string(fault::refused) + ": " + fine.error().what);
  return rehearse(log, what.id, what.cmd, what.if_version);
}

std::function<void(operator_order, answer)> order_port(caf::actor_system& system,
                                                       const config::workspace& space,
                                                       std::shared_ptr<const shard_ring> shards,
                                                       const store::log_reader& log,
                                                       cluster::bus& bus, ambient world) {
  return [&system, &space, &log, &bus, shards, world](operator_order what, answer reply) {
    if (what.verb == operator_verb::scan)
      return order_scan(bus, reply);
    auto order = order_of(space, what);
    if (!order)
      return reply(problem(409, order.error().what));
    migration::command cmd{world.now(), what.actor, what.reason, world.random(), *std::move(order)};
    if (what.is_dry)
      return reply(rehearse_order(*shards, log, {what.migration, std::move(cmd), what.if_version}));
    system.spawn(ordering, shards->of(what.migration),
                 deliver{what.migration, std::move(cmd), what.if_version}, std::move(reply));
  };
}

std::function<void(std::function<void(std::vector<pool_line>)>)>
fleet_port(caf::actor_system& system, pool_actor pool) {
  return [&system, pool](std::function<void(std::vector<pool_line>)> reply) {
    system.spawn(asking_pool, pool, std::move(reply));
  };
}

} // namespace skein::actors
