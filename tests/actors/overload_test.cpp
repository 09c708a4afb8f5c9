// Ten times as many migrations as may be awake: memory follows what is in motion, and none is
// dropped.
#include "actors/projection.hpp"
#include "store/memory_view.hpp"
#include "tests/actors/coordinator_fixture.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t shards = 2;
constexpr std::size_t awake_of_a_shard = 4;
constexpr std::size_t asked_for = 10 * shards * awake_of_a_shard;

workflow one_step() {
  workflow flow;
  flow.name = "check";
  step only;
  only.name = "check";
  only.agent = "dependency-checker";
  flow.steps.push_back(only);
  return flow;
}

struct overloaded_coordinator : tests::coordinator_fixture {
  overloaded_coordinator() {
    view = std::make_shared<store::memory_view>();
    awake_max = awake_of_a_shard;
    restart();
  }

  /// As a coordinator starts: nothing is told to wake up.
  void restart() {
    project();
    for (auto& actor : incarnation)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    incarnation.clear();
    settle();
    ring = std::make_shared<shard_ring>();
    start();
  }

  void project() { REQUIRE(project_batch(*log, *view, store::no_limit)); }

  static std::string dataset(std::size_t number) { return fmt::format("d{:03}", number); }

  void ask_for_all() {
    for (std::size_t i = 0; i < asked_for; ++i)
      REQUIRE(request(dataset(i), one_step()));
  }

  pool_status now() { return *ask<pool_status>(pool, atom::status_v); }

  uint64_t in_motion() {
    const auto seen = now();
    return seen.waiting + seen.running;
  }

  /// One worker's turn; answers what it finished.
  std::vector<std::string> work() {
    std::vector<std::string> done;
    for (const auto& work : lease("w1", 3)) {
      REQUIRE(report(work, migration::success{}).accepted);
      done.push_back(work.migration);
    }
    project();
    pass(100ms);
    return done;
  }

  /// Until nothing is left to do, and never more in motion than may be.
  std::vector<std::string> work_through() {
    std::vector<std::string> done;
    for (auto some = work(); !some.empty(); some = work()) {
      CHECK(in_motion() <= shards * awake_of_a_shard);
      done.insert(done.end(), some.begin(), some.end());
    }
    return done;
  }

  void check_all_are_done(std::vector<std::string> done) {
    std::sort(done.begin(), done.end());
    CHECK(std::adjacent_find(done.begin(), done.end()) == done.end());
    CHECK(done.size() == asked_for);
  }
};

} // namespace

TEST_CASE_METHOD(overloaded_coordinator, "beyond what may be awake, migrations wait in the log") {
  ask_for_all();
  CHECK(in_motion() <= shards * awake_of_a_shard);
  CHECK(in_motion() > 0);
  check_all_are_done(work_through());
}

TEST_CASE_METHOD(overloaded_coordinator, "a coordinator that starts wakes no more than may be") {
  ask_for_all();
  restart();
  pass(100ms);
  CHECK(in_motion() <= shards * awake_of_a_shard);
  CHECK(in_motion() > 0);
  check_all_are_done(work_through());
}

TEST_CASE_METHOD(overloaded_coordinator, "who waited longest goes first") {
  for (std::size_t i = 0; i < asked_for; ++i) {
    clock += 1ms;
    REQUIRE(request(dataset(asked_for - i), one_step()));
  }
  const auto done = work_through();
  REQUIRE(done.size() == asked_for);
  // Shards take from the backlog each for itself, so that the order is kept but for their windows.
  for (std::size_t i = 0; i < done.size(); ++i) {
    const auto place = asked_for - std::stoul(done[i].substr(1));
    CHECK(place <= i + 3 * shards * awake_of_a_shard);
  }
}

TEST_CASE_METHOD(overloaded_coordinator, "a waiting migration that the view does not show yet is "
                                         "found once it does") {
  for (std::size_t i = 0; i < asked_for; ++i)
    REQUIRE(request(dataset(i), one_step()));
  // The view stands still while what is awake is worked off.
  for (int turn = 0; turn < 20; ++turn) {
    for (const auto& work : lease("w1", 8))
      REQUIRE(report(work, migration::success{}).accepted);
    pass(100ms);
  }
  CHECK(in_motion() == 0);
  project();
  pass(200ms);
  CHECK(in_motion() > 0);
  work_through();
  CHECK(lease("w1").empty());
}

TEST_CASE_METHOD(overloaded_coordinator, "an order wakes a migration that waits, and what it owes "
                                         "goes on") {
  ask_for_all();
  const auto last = dataset(asked_for - 1) + "@v2";
  CHECK_FALSE(tell(last, migration::approve{})); // there is nothing to approve
  REQUIRE(tell(last, migration::cancel{}));
  auto done = work_through();
  done.push_back(last);
  check_all_are_done(std::move(done));
}
