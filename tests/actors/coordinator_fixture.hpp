#pragma once

#include "actors/digest.hpp"
#include "actors/journal.hpp"
#include "actors/pool.hpp"
#include "actors/reminder.hpp"
#include "actors/shard.hpp"
#include "events/record.hpp"
#include "store/memory_log.hpp"
#include "tests/actors/actor_fixture.hpp"

namespace tests {

using namespace skein;

inline workflow seed_workflow() {
  workflow flow;
  flow.name = "dataset-migration";
  const auto add = [&](const char* name, const char* agent, std::vector<std::string> on) {
    step next;
    next.name = name;
    next.agent = agent;
    next.depends_on = std::move(on);
    flow.steps.push_back(std::move(next));
  };
  add("discover", "dataset-scanner", {});
  add("validate-dependencies", "dependency-checker", {"discover"});
  add("execute-migration", "fleet-manager", {"validate-dependencies"});
  add("notify-consumers", "email-sender", {"execute-migration"});
  return flow;
}

/// Journal, pool, digest and shards as a coordinator has them, on a log in memory.
struct coordinator_fixture : actor_fixture {
  std::shared_ptr<store::memory_log> log = std::make_shared<store::memory_log>();
  std::shared_ptr<actors::shard_ring> ring = std::make_shared<actors::shard_ring>();
  std::vector<std::pair<std::string, std::vector<bus::notice>>> published;
  actors::dispatch_limits limits;
  std::shared_ptr<store::view_store> view; ///< without one no migration waits in the log
  config::breakers breakers;
  std::size_t awake_max = 1000; ///< of each of the two shards
  config::notifications policy; ///< on which channels, and when, people are told
  std::set<std::string> channels{"email"};
  actors::journal_actor journal;
  actors::pool_actor pool;
  actors::digest_actor digest;
  std::vector<caf::actor> incarnation;

  coordinator_fixture() { start(); }

  template <class Handle>
  Handle add(Handle hdl) {
    incarnation.push_back(caf::actor_cast<caf::actor>(hdl));
    return own(hdl);
  }

  void start() {
    using namespace actors;
    journal = add(sys.spawn(actors::journal, std::static_pointer_cast<store::event_log>(log),
                            actors::queue_gauge{}));
    pool_options pool_opts;
    pool_opts.limits = limits;
    pool_opts.breakers = breakers;
    pool_opts.equip = [](bus::assignment& work) -> expected<void> {
      if (work.agent == "nobody")
        return fail("there is no agent 'nobody'");
      work.command = {work.agent};
      return {};
    };
    pool = add(sys.spawn(actors::pool, pool_opts, as_const(ring), world()));
    digest_options digest_opts;
    digest_opts.how = policy;
    digest_opts.channels = channels;
    digest_opts.channel_of = [](const std::string&) { return std::string{"email"}; };
    digest_opts.publish = [this](const std::string& channel, std::vector<bus::notice> notices) {
      published.emplace_back(channel, std::move(notices));
    };
    digest = add(sys.spawn(actors::digest, digest_opts, as_const(ring), world()));
    auto context = std::make_shared<migration_context>();
    context->log = log;
    context->journal = journal;
    context->pool = pool;
    context->digest = digest;
    context->view = view;
    context->awake_max = awake_max;
    context->tells = [](const std::string& agent) { return agent == "email-sender"; };
    std::vector<shard_actor> shards;
    for (int i = 0; i < 2; ++i)
      shards.push_back(
          add(sys.spawn(shard, std::static_pointer_cast<const migration_context>(context),
                        as_const(ring), world())));
    ring->fill(shards);
    if (view)
      add(sys.spawn(actors::reminder, std::shared_ptr<const store::view_reader>{view},
                    as_const(ring), world()));
    ring->take_up_work();
    settle();
  }

  static std::shared_ptr<const actors::shard_ring>
  as_const(const std::shared_ptr<actors::shard_ring>& x) {
    return x;
  }

  /// As after kill -9: every actor is gone at once, the log stays.
  void crash_and_restart() {
    for (auto& actor : incarnation)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    incarnation.clear();
    settle();
    ring = std::make_shared<actors::shard_ring>();
    start();
    (void)log->streams("", "", [&](const store::stream_info& stream) {
      const std::string id{stream.id};
      caf::anon_send(ring->of(id), actors::atom::wake_v, id);
      return true;
    });
    settle();
  }

  migration::command command(migration::order what, std::string actor = "test") {
    return {clock, std::move(actor), "because", random(), std::move(what)};
  }

  caf::expected<actors::receipt> tell(const std::string& id, migration::order what,
                                      std::optional<uint64_t> if_version = {}) {
    return ask<actors::receipt>(ring->of(id),
                                actors::deliver{id, command(std::move(what)), if_version});
  }

  caf::expected<actors::receipt> request(const std::string& dataset,
                                         workflow flow = seed_workflow()) {
    migration::subject subject{migration::subject_kind::dataset, dataset, "v1", "v2"};
    return tell(dataset + "@v2", migration::request{subject, std::move(flow), "scan-1"});
  }

  /// What a worker gets that asks for work now, and waits no longer than `wait`.
  std::vector<bus::assignment> lease(const std::string& worker, uint32_t capacity = 1,
                                     std::chrono::milliseconds wait = {}) {
    auto got = std::make_shared<std::vector<bus::assignment>>();
    caf::anon_send(
        pool, actors::lease_call{{worker, capacity, wait}, [got](const bus::lease_reply& reply) {
                                   *got = reply.assignments;
                                 }});
    settle();
    return *got;
  }

  bus::report_reply::verdict report(const bus::assignment& work,
                                    std::variant<migration::success, migration::setback> how,
                                    const std::string& worker = "w1") {
    auto got = std::make_shared<bus::report_reply>();
    bus::report what{worker, {{work.migration, {work.step, work.attempt, work.epoch, how}}}};
    caf::anon_send(pool, actors::report_call{what, [got](const auto& reply) { *got = reply; }});
    settle();
    return got->verdicts.at(0);
  }

  std::vector<uint32_t> heartbeat(const std::string& worker,
                                  const std::vector<bus::assignment>& held) {
    bus::heartbeat what{worker, {}};
    for (const auto& work : held)
      what.leases.push_back({work.migration, work.step, work.epoch, -1, {}});
    auto got = std::make_shared<bus::heartbeat_reply>();
    caf::anon_send(pool, actors::heartbeat_call{what, [got](const auto& reply) { *got = reply; }});
    settle();
    return got->revoked;
  }

  /// The state that the log alone leads to.
  migration::state state_of(const std::string& id) {
    migration::state now;
    (void)log->read_stream(id, 1, [&](uint64_t, const store::stored& stored) {
      const auto record = decode_record(stored.bytes);
      now = evolve(std::move(now), record->event, record->at);
      return true;
    });
    return now;
  }

  /// As the notifier reports that a notice was told.
  bus::report_reply::verdict report_told(const bus::notice& what) {
    auto got = std::make_shared<bus::report_reply>();
    bus::report::item item{what.migration, {"", 0, 0, migration::success{}}, what.telling};
    item.telling.digest = what.digest;
    caf::anon_send(pool, actors::report_call{{"notifier", {item}},
                                             [got](const auto& reply) { *got = reply; }});
    settle();
    return got->verdicts.at(0);
  }

  std::vector<std::string> events_of(const std::string& id) {
    std::vector<std::string> names;
    (void)log->read_stream(id, 1, [&](uint64_t, const store::stored& stored) {
      names.emplace_back(name_of(decode_record(stored.bytes)->event));
      return true;
    });
    return names;
  }
};

} // namespace tests
