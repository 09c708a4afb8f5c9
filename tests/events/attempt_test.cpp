#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

TEST_CASE("a start gets the next attempt of its step and the next epoch of its migration") {
  const auto first = given(asked(diamond())).when(start("top")).then(started("top", 1, 1));
  CHECK(first.epoch == 1);
  given(asked(diamond()), started("top", 1, 1), failed("top", 1, 1, error_class::lost),
        retry_scheduled{"top", midnight}, started("top", 2, 2), succeeded("top", 2, 2),
        started("left", 1, 3))
      .when(start("right"))
      .then(started("right", 1, 4));
}

TEST_CASE("a start remembers its worker, its lease and when it began") {
  auto want = start("top");
  want.worker = "host-7/2";
  want.lease_ttl = 45s;
  auto fact = started("top", 1, 1);
  fact.worker = "host-7/2";
  fact.lease_ttl = 45s;
  const auto now = given(asked(diamond())).when(want).then(fact);
  CHECK(now.steps[0].worker == "host-7/2");
  CHECK(now.steps[0].lease_ttl == 45s);
  CHECK(now.steps[0].started == midnight);
}

TEST_CASE("a step is not started twice") {
  given(asked(single()), started("only", 1, 1)).when(start("only")).refused(rejection::not_ready);
  given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1))
      .when(start("first"))
      .refused(rejection::not_ready);
}

TEST_CASE("a step that waits for its retry starts when it is due, not a microsecond before") {
  const auto due = midnight + 90s;
  const auto waiting
      = given(asked(single()), started("only", 1, 1), failed("only", 1, 1, error_class::transient),
              retry_scheduled{"only", due});
  waiting.when(start("only"), due - 1us).refused(rejection::not_ready);
  waiting.when(start("only"), due).then(started("only", 2, 2));
}

TEST_CASE("a success releases only the steps that depend on it") {
  const auto now = given(asked(diamond()), started("top", 1, 1))
                       .when(success_of("top", 1, 1))
                       .then(succeeded("top", 1, 1));
  CHECK(summary_of(now)
        == "= running\n = top:succeeded left:ready right:ready bottom:waiting\n"
           " = owes offer left, offer right\n");
}

TEST_CASE("a step with two dependencies waits for both") {
  const std::vector<event> one_side{asked(diamond()),       started("top", 1, 1),
                                    succeeded("top", 1, 1), started("left", 1, 2),
                                    started("right", 1, 3), succeeded("left", 1, 2)};
  const auto before = given(one_side);
  before.when(start("bottom")).refused(rejection::not_ready);
  const auto now = before.when(success_of("right", 1, 3)).then(succeeded("right", 1, 3));
  CHECK(now.steps[3].status == step_status::ready);
}

TEST_CASE("a success keeps its output and its labels, and later labels win") {
  auto one = succeeded("first", 1, 1);
  one.labels = {{"owner", "ann"}, {"storage", "s3"}};
  success how{R"({"rows": 7})", {{"owner", "bob"}}, ""};
  auto two = succeeded("second", 1, 2);
  two.output = how.output;
  two.labels = how.labels;
  const auto now = given(asked(chain()), started("first", 1, 1), one, started("second", 1, 2))
                       .when(success_of("second", 1, 2, how))
                       .then(two, completed{});
  CHECK(now.labels == labels{{"owner", "bob"}, {"storage", "s3"}});
  CHECK(now.steps[1].output == R"({"rows": 7})");
}

TEST_CASE("the same report twice is one event") {
  const auto once = given(asked(chain()), started("first", 1, 1))
                        .when(success_of("first", 1, 1))
                        .then(succeeded("first", 1, 1));
  given_state{once}.when(success_of("first", 1, 1)).refused(rejection::stale_epoch);
}

TEST_CASE("a report of a lease that ended is refused, whatever it says") {
  const auto now
      = given(asked(single()), started("only", 1, 1), failed("only", 1, 1, error_class::lost),
              retry_scheduled{"only", midnight}, started("only", 2, 2));
  now.when(success_of("only", 1, 1)).refused(rejection::stale_epoch);
  now.when(setback_of("only", 1, 1, error_class::permanent)).refused(rejection::stale_epoch);
  now.when(hold_of("only", 1, 1)).refused(rejection::stale_epoch);
  now.when(success_of("only", 3, 3)).refused(rejection::stale_epoch);
  now.when(success_of("only", 2, 2)).then(succeeded("only", 2, 2), completed{});
}

// The epoch is the fence. The log must not repeat a wrong number that stands beside a right epoch.
TEST_CASE("the log says which attempt ended by its own count") {
  const auto now
      = given(asked(single()), started("only", 1, 1), failed("only", 1, 1, error_class::lost),
              retry_scheduled{"only", midnight}, started("only", 2, 2));
  now.when(success_of("only", 0, 2)).then(succeeded("only", 2, 2), completed{});
  now.when(setback_of("only", 9, 2, error_class::permanent))
      .then(failed("only", 2, 2, error_class::permanent), parked{"only", "boom"});
}

TEST_CASE("the success of the last step completes the migration, in whatever order") {
  const std::vector<event> two{asked(flow_of({node("a"), node("b")})), started("a", 1, 1),
                               started("b", 1, 2)};
  const auto half = given(two).when(success_of("b", 1, 2)).then(succeeded("b", 1, 2));
  CHECK(half.phase == phase::running);
  const auto now
      = given_state{half}.when(success_of("a", 1, 1)).then(succeeded("a", 1, 1), completed{});
  CHECK(now.phase == phase::completed);
  CHECK(owed(now).empty());
}
