#include "actors/offer_queue.hpp"

#include "tests/events/vocabulary.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using skein::tests::midnight;
using namespace std::chrono_literals;

namespace {

step_info wants(const std::string& id, int32_t priority = 0, const std::string& owner = "") {
  return {id, "work", "agent", "scan", owner, "disk", priority};
}

std::vector<std::string> taken(offer_queue& from, std::size_t count,
                               const dispatch_limits& limits = {}) {
  usage running;
  std::vector<std::string> ids;
  for (const auto& each : from.take(count, midnight, limits, running))
    ids.push_back(each.id);
  return ids;
}

using ids = std::vector<std::string>;

} // namespace

TEST_CASE("first come, first served, but those of a higher priority before") {
  offer_queue waiting;
  waiting.offer(wants("a"), midnight);
  waiting.offer(wants("b", -1), midnight);
  waiting.offer(wants("c", 5), midnight);
  waiting.offer(wants("d"), midnight);
  CHECK(taken(waiting, 10) == ids{"c", "a", "d", "b"});
  CHECK(waiting.size() == 0);
}

TEST_CASE("a step that is offered again keeps its place among those of its new priority") {
  offer_queue waiting;
  for (const auto* id : {"a", "b", "c"})
    waiting.offer(wants(id), midnight);
  REQUIRE(taken(waiting, 0).empty()); // all are due
  waiting.offer(wants("c", 1), midnight);
  waiting.offer(wants("a"), midnight);
  CHECK(taken(waiting, 10) == ids{"c", "a", "b"});
}

TEST_CASE("a priority lifts nobody over a limit") {
  offer_queue waiting;
  dispatch_limits limits;
  limits.per_owner = 1;
  waiting.offer(wants("a", 9, "film"), midnight);
  waiting.offer(wants("b", 8, "film"), midnight);
  waiting.offer(wants("c", 0, "music"), midnight);
  CHECK(taken(waiting, 10, limits) == ids{"a", "c"});
  CHECK(waiting.size() == 1);
}

TEST_CASE("what is not due yet waits, whatever its priority") {
  offer_queue waiting;
  waiting.offer(wants("a", 9), midnight + 1s);
  waiting.offer(wants("b"), midnight);
  CHECK(taken(waiting, 10) == ids{"b"});
  CHECK(waiting.any_due(midnight + 1s));
}

TEST_CASE("of what runs, only what is limited is counted, and that in full") {
  dispatch_limits limits;
  limits.per_owner = 2;
  limits.total = 10;
  usage running{.by = limits.needs()};
  for (const auto* id : {"a", "b"})
    running.add(wants(id, 0, "film"));
  CHECK(running.total == 2);
  CHECK(running.by_owner == std::map<std::string, uint32_t>{{"film", 2}});
  CHECK(running.by_agent.empty());
  CHECK(running.by_storage.empty());
  CHECK(running.by_target.empty());
  CHECK_FALSE(limits.allow(running, wants("c", 0, "film")));
  CHECK(limits.allow(running, wants("d", 0, "music")));
}
