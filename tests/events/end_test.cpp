#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

TEST_CASE("a cancelled migration listens to nobody and owes nothing") {
  const auto now = given(asked(chain()), started("first", 1, 1)).when(cancel{}).then(cancelled{});
  CHECK(owed(now).empty());
  const given_state ended{now};
  ended.when(success_of("first", 1, 1)).refused(rejection::stale_epoch);
  ended.when(setback_of("first", 1, 1, error_class::lost)).refused(rejection::stale_epoch);
  ended.when(start("second")).refused(rejection::not_ready);
  ended.when(cancel{}).refused(rejection::at_rest);
  ended.when(quarantine{"a bug"}).refused(rejection::at_rest);
  ended.when(retry{}).refused(rejection::nothing_to_do);
}

TEST_CASE("a held migration can be cancelled, and is not approved afterwards") {
  const auto now = given(asked(single()), started("only", 1, 1), succeeded("only", 1, 1),
                         held{"only", "look at it"})
                       .when(cancel{})
                       .then(cancelled{});
  CHECK(owed(now).empty());
  given_state{now}.when(approve{}).refused(rejection::nothing_to_do);
  given_state{now}.when(confirm_told{"mail"}).refused(rejection::nothing_to_do);
}

TEST_CASE("a quarantined migration is left alone until somebody retries or cancels it") {
  const given_state bad{given(asked(chain()))
                            .when(quarantine{"a bug in decide"})
                            .then(quarantined{"a bug in decide"})};
  CHECK(summary_of(bad.now())
        == "= quarantined: a bug in decide\n = first:ready second:waiting\n = owes tell\n");
  bad.when(start("first")).refused(rejection::not_ready);
  bad.when(quarantine{"again"}).refused(rejection::nothing_to_do);
  bad.when(cancel{}).then(cancelled{});
  const auto now = bad.when(retry{}).then(retried{});
  CHECK(summary_of(now) == "= running\n = first:ready second:waiting\n = owes offer first\n");
}

TEST_CASE("a quarantine outlasts what its running attempts still report") {
  const auto bad = given(asked(chain()), started("first", 1, 1), quarantined{"a bug"});
  SECTION("a hold") {
    const auto now = bad.when(hold_of("first", 1, 1))
                         .then(succeeded("first", 1, 1), held{"first", "look at it"});
    CHECK(now.phase == phase::quarantined);
    CHECK(now.why == "a bug");
    given_state{now}.when(approve{}).refused(rejection::nothing_to_do);
    given_state{now}.when(retry{}).then(retried{{"first"}});
  }
  SECTION("a park") {
    const auto now
        = bad.when(setback_of("first", 1, 1, error_class::permanent))
              .then(failed("first", 1, 1, error_class::permanent), parked{"first", "boom"});
    CHECK(now.phase == phase::quarantined);
    CHECK(now.why == "a bug");
  }
}

TEST_CASE("a held migration that is quarantined is not approved out of it") {
  given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
        held{"first", "look at it"}, quarantined{"a bug"})
      .when(approve{})
      .refused(rejection::nothing_to_do);
}

TEST_CASE("the last success completes even a quarantined migration, and nobody need be told") {
  const auto now = given(asked(single()), started("only", 1, 1), quarantined{"a bug"})
                       .when(success_of("only", 1, 1))
                       .then(succeeded("only", 1, 1), completed{});
  CHECK(now.phase == phase::completed);
  CHECK(now.why.empty());
  CHECK(owed(now).empty());
}

TEST_CASE("a completed migration has ended") {
  const auto done
      = given(asked(single()), started("only", 1, 1), succeeded("only", 1, 1), completed{});
  CHECK(owed(done.now()).empty());
  done.when(start("only")).refused(rejection::not_ready);
  done.when(success_of("only", 1, 1)).refused(rejection::stale_epoch);
  done.when(cancel{}).refused(rejection::at_rest);
  done.when(quarantine{"a bug"}).refused(rejection::at_rest);
  done.when(approve{}).refused(rejection::nothing_to_do);
  done.when(ask(single())).refused(rejection::already_requested);
}

TEST_CASE("an event about a step that is not there changes nothing but the time") {
  const auto before = replay({asked(chain())});
  const std::vector<event> strange{
      succeeded("nosuch", 1, 1), failed("nosuch", 1, 1, error_class::lost),
      retry_scheduled{"nosuch", midnight}, retried{{"nosuch"}}, approved{"nosuch"}};
  for (const auto& what : strange) {
    auto after = evolve(before, what, midnight + 1s);
    CHECK(after.changed_at == midnight + 1s);
    after.changed_at = before.changed_at;
    CHECK(after == before);
  }
}
