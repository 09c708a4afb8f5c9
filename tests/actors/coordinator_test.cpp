// The actors of a coordinator together, under virtual time, against a worker that the test plays.
#include "tests/actors/coordinator_fixture.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace std::chrono_literals;
using migration::phase;
using migration::setback;
using migration::success;

namespace {

using names = std::vector<std::string>;

/// Does the next piece of work there is, and says which step it was.
std::string work_once(tests::coordinator_fixture& fix, success how = {"{}", {}, {}}) {
  const auto work = fix.lease("w1");
  if (work.size() != 1)
    return {};
  CHECK(fix.report(work[0], std::move(how)).accepted);
  return work[0].step;
}

} // namespace

TEST_CASE("a migration walks its workflow to the end") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  CHECK(work_once(fix, {R"({"rows":3})", {{"owner", "films"}}, {}}) == "discover");
  CHECK(work_once(fix) == "validate-dependencies");
  const auto work = fix.lease("w1");
  REQUIRE(work.size() == 1);
  CHECK(work[0].step == "execute-migration");
  CHECK(work[0].inputs.at("discover") == R"({"rows":3})");
  CHECK(work[0].labels.at("owner") == "films");
  CHECK(work[0].command == names{"fleet-manager"});
  CHECK(fix.report(work[0], success{"{}", {}, {}}).accepted);
  // The last step tells people: it goes to the notifier, not to a worker.
  CHECK(fix.lease("w1").empty());
  fix.pass(5s);
  REQUIRE(fix.published.size() == 1);
  const auto& notice = fix.published[0].second.at(0);
  CHECK(notice.digest_size == 1);
  bus::assignment last;
  last.migration = notice.migration;
  last.step = notice.step;
  last.attempt = notice.attempt;
  last.epoch = notice.epoch;
  CHECK(fix.report(last, success{"{}", {}, {}}, "notifier").accepted);
  CHECK(fix.state_of("movies@v2").phase == phase::completed);
}

TEST_CASE("the same request twice is one migration") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  const auto again = fix.request("movies");
  REQUIRE_FALSE(again);
  CHECK(again.error() == actors::fault::refused);
  CHECK(fix.log->last_sequence() == 1);
}

TEST_CASE("a worker that waits is served when work arrives") {
  tests::coordinator_fixture fix;
  auto got = std::make_shared<std::vector<bus::assignment>>();
  caf::anon_send(fix.pool, actors::lease_call{{"w1", 4, 10s}, [got](const auto& reply) {
                                                *got = reply.assignments;
                                              }});
  fix.pass(1s);
  CHECK(got->empty());
  REQUIRE(fix.request("movies"));
  fix.settle();
  REQUIRE(got->size() == 1);
  CHECK(got->at(0).migration == "movies@v2");
}

TEST_CASE("a setback is tried again after its backoff, and parks at its limit") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  for (int i = 0; i < 5; ++i) {
    std::vector<bus::assignment> work;
    for (int waited = 0; work.empty() && waited < 100; ++waited) {
      work = fix.lease("w1");
      if (work.empty())
        fix.pass(1s);
    }
    REQUIRE(work.size() == 1);
    CHECK(work[0].attempt == static_cast<uint32_t>(i + 1));
    CHECK(fix.report(work[0], setback{error_class::transient, "store away"}).accepted);
  }
  CHECK(fix.state_of("movies@v2").phase == phase::parked);
  fix.pass(120s);
  CHECK(fix.lease("w1").empty());
  // The owner is told, and an operator can have it tried again.
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.at(0).kind == "parked");
  CHECK(fix.published[0].second.at(0).why == "store away");
  REQUIRE(fix.tell("movies@v2", migration::retry{}));
  CHECK(work_once(fix) == "discover");
}

TEST_CASE("a silent worker loses its lease, and its late report is refused") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  const auto first = fix.lease("w1");
  REQUIRE(first.size() == 1);
  fix.pass(10s);
  CHECK(fix.heartbeat("w1", first).empty());
  fix.pass(10s);
  CHECK(fix.lease("w2").empty()); // renewed: still w1's
  fix.pass(15s);
  const auto second = fix.lease("w2");
  REQUIRE(second.size() == 1);
  CHECK(second[0].epoch > first[0].epoch);
  CHECK(fix.heartbeat("w1", first) == std::vector<uint32_t>{0});
  const auto late = fix.report(first[0], success{"{}", {}, {}});
  CHECK_FALSE(late.accepted);
  CHECK_FALSE(late.again);
  CHECK(fix.report(second[0], success{"{}", {}, {}}, "w2").accepted);
  CHECK(fix.events_of("movies@v2")
        == names{"requested", "attempt_started", "attempt_failed", "retry_scheduled",
                 "attempt_started", "attempt_succeeded"});
}

TEST_CASE("a restarted worker that says it holds nothing loses its leases at once") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  REQUIRE(fix.lease("w1").size() == 1);
  fix.pass(actors::lease_table::handover + 1s);
  fix.heartbeat("w1", {});
  fix.pass(6s); // the longest backoff of a lost attempt is 5 s
  CHECK(fix.lease("w1").size() == 1);
}

TEST_CASE("limits are counted from the leases") {
  tests::coordinator_fixture fix;
  for (const auto* dataset : {"a", "b", "c"})
    REQUIRE(fix.request(dataset));
  for (const auto& work : fix.lease("w1", 8))
    fix.report(work, success{"{}", {{"owner", work.subject.name == "c" ? "y" : "x"}}, {}});
  fix.limits.per_owner = 1;
  fix.crash_and_restart();
  const auto work = fix.lease("w1", 8);
  REQUIRE(work.size() == 2); // one of a and b, and c
  CHECK(fix.lease("w1", 8).empty());
  for (const auto& one : work)
    if (one.subject.name != "c")
      fix.report(one, success{"{}", {}, {}});
  CHECK(fix.lease("w1", 8).size() == 1);
}

TEST_CASE("a held migration waits for a human, who may agree") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  work_once(fix);
  work_once(fix, {"{}", {}, "the dashboard reads Title"});
  CHECK(fix.state_of("movies@v2").phase == phase::held);
  CHECK(fix.lease("w1").empty());
  fix.pass(5s);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.at(0).why == "the dashboard reads Title");
  REQUIRE(fix.tell("movies@v2", migration::approve{}));
  CHECK(work_once(fix) == "execute-migration");
}

TEST_CASE("a paused migration is given to no worker until it is resumed") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  REQUIRE(fix.request("plays"));
  REQUIRE(fix.tell("movies@v2", migration::pause{})); // its step is offered already
  auto given = fix.lease("w1", 8);
  REQUIRE(given.size() == 1);
  CHECK(given[0].migration == "plays@v2");
  fix.crash_and_restart();
  CHECK(fix.lease("w2", 8).empty());
  REQUIRE(fix.tell("movies@v2", migration::resume{}));
  given = fix.lease("w2", 8);
  REQUIRE(given.size() == 1);
  CHECK(given[0].migration == "movies@v2");
}

TEST_CASE("one digest for all migrations of a scan") {
  tests::coordinator_fixture fix;
  for (const auto* dataset : {"a", "b", "c"})
    REQUIRE(fix.request(dataset));
  for (int step = 0; step < 3; ++step)
    for (const auto& work : fix.lease("w1", 8)) {
      // b stays behind for a while
      if (work.subject.name == "b" && step == 2)
        fix.pass(10s);
      fix.heartbeat("w1", {work});
      fix.report(work, success{"{}", {}, {}});
    }
  CHECK(fix.published.empty());
  fix.pass(3s);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.size() == 3);
}

TEST_CASE("an agent that is not defined parks the migration with that reason") {
  tests::coordinator_fixture fix;
  auto flow = tests::seed_workflow();
  flow.steps[0].agent = "nobody";
  REQUIRE(fix.request("movies", flow));
  CHECK(fix.lease("w1").empty());
  const auto now = fix.state_of("movies@v2");
  CHECK(now.phase == phase::parked);
  CHECK(now.why == "there is no agent 'nobody'");
}

TEST_CASE("after a crash everything goes on from the log") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  REQUIRE(fix.request("cars"));
  work_once(fix);
  const auto running = fix.lease("w1");
  REQUIRE(running.size() == 1);
  fix.crash_and_restart();
  // The worker never noticed: its lease is known again and its report counts.
  CHECK(fix.heartbeat("w1", running).empty());
  CHECK(fix.report(running[0], success{"{}", {}, {}}).accepted);
  // What waited is offered again, what is owed to whom is not forgotten.
  CHECK(fix.lease("w1", 8).size() == 2);
}

TEST_CASE("a retry that was scheduled before a crash is made after it, not before it is due") {
  tests::coordinator_fixture fix;
  auto flow = tests::seed_workflow();
  flow.steps[0].retry.rules[index_of(error_class::transient)] = {5, 60s, 60s};
  REQUIRE(fix.request("movies", flow));
  fix.report(fix.lease("w1").at(0), setback{error_class::transient, "busy"});
  const auto due = fix.state_of("movies@v2").steps[0].due;
  REQUIRE(due > fix.clock + 1s);
  fix.crash_and_restart();
  fix.pass(std::chrono::floor<std::chrono::milliseconds>(due - fix.clock) - 500ms);
  CHECK(fix.lease("w1").empty());
  fix.pass(1s);
  CHECK(fix.lease("w1").size() == 1);
}

TEST_CASE("nothing is answered as done when the log fails") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  fix.log->fail_commits("no space left on device");
  const auto refused = fix.request("cars");
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == actors::fault::log_failed);
  CHECK(fix.log->last_sequence() == 1);
}

TEST_CASE("a cancelled migration's worker hears that its lease is over") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  const auto work = fix.lease("w1");
  fix.pass(20s); // past the time in which a fresh pool revokes nothing
  fix.heartbeat("w1", work);
  REQUIRE(work.size() == 1);
  const auto again = fix.lease("w1");
  REQUIRE(fix.tell("movies@v2", migration::cancel{}));
  CHECK(fix.heartbeat("w1", again.empty() ? work : again).size() == 1);
}

TEST_CASE("a migration that rests sleeps, and wakes for a command") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  REQUIRE(fix.tell("movies@v2", migration::cancel{}));
  fix.settle();
  const auto refused = fix.tell("movies@v2", migration::cancel{});
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == actors::fault::refused);
}

TEST_CASE("of two orders in flight for one version, the second finds it changed") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  const auto give = [&](int32_t priority, std::optional<uint64_t> if_version) {
    return fix.self->request(
        fix.ring->of("movies@v2"), caf::infinite,
        actors::deliver{"movies@v2", fix.command(migration::set_priority{priority}), if_version});
  };
  const auto before = *fix.log->stream_version("movies@v2");
  auto first = give(1, before);
  auto second = give(2, before);
  auto unconditional = give(3, std::nullopt);
  fix.settle();
  first.receive([&](const actors::receipt& done) { CHECK(done.version == before + 1); },
                [&](const caf::error& why) { FAIL(fix.sys.render(why)); });
  second.receive([](const actors::receipt&) { FAIL("it was for a version that is gone"); },
                 [&](const caf::error& why) {
                   CHECK(why == actors::fault::changed);
                   CHECK(fix.sys.render(why)
                         == "it has changed: movies@v2 is at version "
                                + std::to_string(before + 1));
                 });
  unconditional.receive([&](const actors::receipt& done) { CHECK(done.version == before + 2); },
                        [&](const caf::error& why) { FAIL(fix.sys.render(why)); });
  CHECK(fix.state_of("movies@v2").priority == 3);
}

TEST_CASE("the version that an order is for is looked at also when the migration must be woken") {
  tests::coordinator_fixture fix;
  REQUIRE(fix.request("movies"));
  REQUIRE(fix.tell("movies@v2", migration::hold{}));
  fix.settle();
  const auto version = *fix.log->stream_version("movies@v2");
  const auto stale = fix.tell("movies@v2", migration::approve{}, version - 1);
  REQUIRE_FALSE(stale);
  CHECK(stale.error() == actors::fault::changed);
  CHECK(fix.state_of("movies@v2").phase == phase::held);
  CHECK(fix.tell("movies@v2", migration::approve{}, version));
}
