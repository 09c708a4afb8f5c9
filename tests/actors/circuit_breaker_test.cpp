#include "actors/circuit_breaker.hpp"

#include "tests/actors/coordinator_fixture.hpp"
#include "told_log.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using skein::actors::test::midnight;
using namespace std::chrono_literals;

namespace {

constexpr config::breakers quick{4, 50, 30s, 100s};

constexpr bool fails = true, works = false;

circuit_breaker after(std::initializer_list<bool> outcomes) {
  circuit_breaker breaker{quick};
  for (const bool each : outcomes)
    breaker.hear(each, midnight);
  return breaker;
}

migration::finish_attempt end(std::variant<migration::success, migration::setback> how) {
  return {"copy", 1, 1, std::move(how)};
}

migration::finish_attempt end(error_class kind) {
  return end(migration::setback{kind, "it is away"});
}

} // namespace

TEST_CASE("a breaker opens once so many of the newest attempts have failed") {
  CHECK(after({fails, fails, fails}).status(midnight) == breaker_status::closed); // too few yet
  CHECK(after({works, works, works, fails}).status(midnight) == breaker_status::closed);
  CHECK(after({works, fails, works, fails}).status(midnight) == breaker_status::open);
  // What is older than the window no longer counts.
  CHECK(after({works, works, works, works, works, fails}).status(midnight)
        == breaker_status::closed);
  CHECK(after({works, works, works, works, works, fails, fails}).status(midnight)
        == breaker_status::open);
}

TEST_CASE("an attempt that goes well opens nothing") {
  auto breaker = after({fails, fails, fails});
  CHECK_FALSE(breaker.hear(works, midnight));
  CHECK(breaker.status(midnight) == breaker_status::closed);
}

TEST_CASE("an open breaker is half open after a while, and its first outcome decides") {
  auto breaker = after({fails, fails, fails, fails});
  CHECK(breaker.half_open_at() == midnight + 30s);
  CHECK_FALSE(breaker.hear(works, midnight + 29s)); // it was started before
  CHECK(breaker.status(midnight + 29s) == breaker_status::open);
  CHECK(breaker.status(midnight + 30s) == breaker_status::half_open);
  SECTION("it works again") {
    CHECK(breaker.hear(works, midnight + 31s));
    CHECK(breaker.status(midnight + 31s) == breaker_status::closed);
    CHECK(breaker.outcomes() == 0); // what failed then says nothing of now
  }
  SECTION("each time it fails again the wait is twice as long, up to the longest") {
    auto now = midnight + 31s;
    for (const auto wait : {60s, 100s, 100s}) {
      CHECK(breaker.hear(fails, now));
      CHECK(breaker.half_open_at() == now + wait);
      CHECK(breaker.status(now) == breaker_status::open);
      now = breaker.half_open_at();
    }
    // Closed in between, it begins with the shortest wait again.
    CHECK(breaker.hear(works, now));
    for (int i = 0; i < 4; ++i)
      breaker.hear(fails, now);
    CHECK(breaker.half_open_at() == now + 30s);
  }
}

TEST_CASE("a board has a breaker for each agent and storage, and tells what a failure says") {
  breaker_board board{quick};
  const breaker_target lake{"mover", "lake"}, barn{"mover", "barn"};
  for (int i = 0; i < 4; ++i) {
    board.hear(lake, end(i % 2 == 0 ? error_class::transient : error_class::timeout), midnight);
    board.hear(barn, end(i % 2 == 0 ? error_class::lost : error_class::out_of_memory), midnight);
  }
  CHECK(board.tripped(midnight).open == std::set{lake});
  CHECK(board.tripped(midnight).half_open.empty());
  CHECK(board.tripped(midnight + 30s).half_open == std::set{lake});
  for (int i = 0; i < 4; ++i)
    board.hear(barn, end(error_class::permanent), midnight);
  CHECK(board.tripped(midnight).open == std::set{lake});
  const auto lines = board.lines(midnight);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].target == barn);
  CHECK(lines[0].status == breaker_status::closed);
  CHECK(lines[1].status == breaker_status::open);
  CHECK(lines[1].failures == 4);
  CHECK(lines[1].why == "it is away");
}

TEST_CASE("a window of nothing is no breaker") {
  breaker_board board{{0, 50, 30s, 100s}};
  for (int i = 0; i < 50; ++i)
    board.hear({"mover", "lake"}, end(error_class::transient), midnight);
  CHECK(board.tripped(midnight).open.empty());
  CHECK(board.lines(midnight).empty());
}

TEST_CASE("what is half open lets one attempt pass beside those that run") {
  const step_info there{"a@v2", "copy", "mover", "scan", "", "lake"},
      elsewhere{"b@v2", "copy", "mover", "scan", "", "barn"};
  usage running;
  dispatch_limits limits;
  limits.tripped.half_open = {{"mover", "lake"}};
  CHECK(limits.allow(running, there));
  running.add(there);
  CHECK_FALSE(limits.allow(running, there));
  CHECK(limits.allow(running, elsewhere));
  limits.tripped.open = {{"mover", "barn"}};
  CHECK_FALSE(limits.allow(running, elsewhere));
}

TEST_CASE("a pool leaves what keeps failing alone, tries one, and goes on with all") {
  tests::coordinator_fixture fix;
  fix.breakers = quick;
  fix.crash_and_restart();
  for (const auto* dataset : {"a", "b", "c", "d", "e"})
    REQUIRE(fix.request(dataset));
  for (const auto& work : fix.lease("w1", 4))
    fix.report(work, migration::setback{error_class::transient, "the metadata store is away"});
  fix.pass(29s); // all have waited for their backoff by now, and `e` for nothing
  CHECK(fix.lease("w1", 8).empty());
  auto now = fix.ask<pool_status>(fix.pool, atom::status_v);
  REQUIRE(now);
  CHECK(now->waiting == 5);
  REQUIRE(now->breakers.size() == 1);
  CHECK(now->breakers[0].status == breaker_status::open);
  CHECK(now->breakers[0].target.agent == "dataset-scanner");

  fix.pass(2s);
  const auto probe = fix.lease("w1", 8);
  REQUIRE(probe.size() == 1);
  CHECK(fix.lease("w1", 8).empty());
  SECTION("it works again") {
    CHECK(fix.report(probe[0], migration::success{"{}", {}, {}}).accepted);
    CHECK(fix.lease("w1", 8).size() == 5); // four more, and the next step of the one
  }
  SECTION("it still fails") {
    CHECK(fix.report(probe[0], migration::setback{error_class::timeout, "too slow"}).accepted);
    fix.pass(59s);
    CHECK(fix.lease("w1", 8).empty());
    fix.pass(2s);
    CHECK(fix.lease("w1", 8).size() == 1);
  }
  SECTION("the one that tries is lost, so another does") {
    fix.pass(20s);
    CHECK(fix.lease("w2", 8).size() == 1);
  }
}
