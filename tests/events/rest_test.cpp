#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

namespace {

/// top is done; left runs with epoch 2 and right with epoch 3.
std::vector<event> both_run() {
  return {asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1), started("left", 1, 2),
          started("right", 1, 3)};
}

template <class... Events>
given_state after(std::vector<event> history, Events... more) {
  (history.emplace_back(std::move(more)), ...);
  return given(std::move(history));
}

given_state left_parked() {
  return after(both_run(), failed("left", 1, 2, error_class::permanent), parked{"left", "boom"});
}

given_state left_held() {
  return after(both_run(), succeeded("left", 1, 2), held{"left", "look at it"});
}

} // namespace

TEST_CASE("a hold keeps the dependents waiting and has the owner told") {
  const auto now = given(asked(chain()), started("first", 1, 1))
                       .when(hold_of("first", 1, 1))
                       .then(succeeded("first", 1, 1), held{"first", "look at it"});
  CHECK(summary_of(now) == "= held: look at it\n = first:held second:waiting\n = owes tell\n");
}

TEST_CASE("a hold on the last step does not complete") {
  const auto now = given(asked(single()), started("only", 1, 1))
                       .when(hold_of("only", 1, 1))
                       .then(succeeded("only", 1, 1), held{"only", "look at it"});
  CHECK(now.phase == phase::held);
  given_state{now}.when(approve{}).then(approved{"only"}, completed{});
}

TEST_CASE("an approval releases the dependents") {
  const auto now = given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
                         held{"first", "look at it"})
                       .when(approve{})
                       .then(approved{"first"});
  CHECK(summary_of(now) == "= running\n = first:succeeded second:ready\n = owes offer second\n");
}

TEST_CASE("retrying a hold runs the step again and holds its dependents back") {
  const auto now = given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
                         held{"first", "look at it"})
                       .when(retry{})
                       .then(retried{{"first"}});
  CHECK(summary_of(now) == "= running\n = first:ready second:waiting\n = owes offer first\n");
  const auto again = given_state{now}.when(start("first")).then(started("first", 2, 2));
  const auto done
      = given_state{again}.when(success_of("first", 2, 2)).then(succeeded("first", 2, 2));
  CHECK(done.steps[1].status == step_status::ready);
}

TEST_CASE("a park beside a running branch starts nothing new but still watches") {
  const auto now = left_parked().now();
  CHECK(summary_of(now)
        == "= parked: boom\n = top:succeeded left:parked right:running bottom:waiting\n"
           " = owes watch right #1 epoch 3 on w1 until 2026-03-01T00:15:00.000000Z, tell\n");
  const auto done = given_state{now}.when(success_of("right", 1, 3)).then(succeeded("right", 1, 3));
  CHECK(done.phase == phase::parked);
  CHECK(summary_of(done)
        == "= parked: boom\n = top:succeeded left:parked right:succeeded bottom:waiting\n"
           " = owes tell\n");
}

TEST_CASE("a step that fails beside a parked one waits for the operator") {
  const auto now = left_parked()
                       .when(setback_of("right", 1, 3, error_class::transient))
                       .then(failed("right", 1, 3, error_class::transient),
                             retry_scheduled{"right", midnight});
  given_state{now}.when(start("right"), midnight + 1h).refused(rejection::not_ready);
  const auto moving = given_state{now}.when(retry{}).then(retried{{"left"}});
  CHECK(moving.phase == phase::running);
  given_state{moving}.when(start("right")).then(started("right", 2, 4));
}

TEST_CASE("a retry takes every parked and held step, and forgets their failures") {
  const auto both
      = after(both_run(), failed("left", 1, 2, error_class::permanent), parked{"left", "boom"},
              succeeded("right", 1, 3), held{"right", "look at it"});
  const auto now = both.when(retry{}).then(retried{{"left", "right"}});
  CHECK(now.phase == phase::running);
  CHECK(now.why.empty());
  CHECK(now.told);
  CHECK(now.steps[1].failures == std::array<uint32_t, error_class_count>{});
  CHECK(now.steps[1].attempts == 1);
}

TEST_CASE("an approval beside a parked step leaves the migration parked, and says why") {
  const auto both
      = after(both_run(), failed("left", 1, 2, error_class::permanent), parked{"left", "boom"},
              succeeded("right", 1, 3), held{"right", "look at it"});
  CHECK(both.now().phase == phase::held);
  const auto now = both.when(approve{}).then(approved{"right"});
  CHECK(now.phase == phase::parked);
  CHECK(now.why == "boom");
}

TEST_CASE("an approval takes every held step") {
  const auto both = after(both_run(), succeeded("left", 1, 2), held{"left", "one"},
                          succeeded("right", 1, 3), held{"right", "two"});
  CHECK(both.now().steps[3].status == step_status::waiting);
  const auto now = both.when(approve{}).then(approved{"left"}, approved{"right"});
  CHECK(now.phase == phase::running);
  CHECK(now.steps[3].status == step_status::ready);
}

TEST_CASE("a hold beside a running branch keeps only its own dependents back") {
  const auto now = left_held().when(success_of("right", 1, 3)).then(succeeded("right", 1, 3));
  CHECK(now.phase == phase::held);
  CHECK(now.steps[3].status == step_status::waiting);
  const auto on = given_state{now}.when(approve{}).then(approved{"left"});
  CHECK(on.steps[3].status == step_status::ready);
}

TEST_CASE("the owner is told once, and again when it rests again") {
  const auto resting = left_parked();
  const auto told = resting.when(confirm_told{"mail-1"}).then(owner_told{"mail-1"});
  CHECK(told.told);
  given_state{told}.when(confirm_told{"mail-1"}).refused(rejection::nothing_to_do);
  const auto again = given_state{told}
                         .when(hold_of("right", 1, 3))
                         .then(succeeded("right", 1, 3), held{"right", "look at it"});
  CHECK_FALSE(again.told);
}

TEST_CASE("an approval that cannot move a parked migration does not have its owner told again") {
  const auto now
      = after(both_run(), failed("left", 1, 2, error_class::permanent), parked{"left", "boom"},
              succeeded("right", 1, 3), held{"right", "look at it"}, owner_told{"mail-1"})
            .when(approve{})
            .then(approved{"right"});
  CHECK(now.told);
  CHECK(owed(now).empty());
}

// -- channels and reminders --------------------------------------------------------------------

namespace {

confirm_told told_on(std::string channel, uint64_t number, timestamp remind_at = {},
                     timestamp escalate_at = {}) {
  return {"mail-1", std::move(channel), {"chat", "email"}, remind_at, escalate_at, number};
}

owner_told told_of(const confirm_told& x) {
  return {x.digest, x.channel, x.asked, x.remind_at, x.escalate_at};
}

/// Told on both of its channels.
given_state left_told(timestamp remind_at, timestamp escalate_at = {}) {
  return after(both_run(), succeeded("left", 1, 2), held{"left", "look at it"},
               told_of(told_on("chat", 1, remind_at, escalate_at)),
               told_of(told_on("email", 1, remind_at, escalate_at)));
}

} // namespace

TEST_CASE("a telling is owed until every channel that was asked for has told it") {
  const auto chat = told_on("chat", 1);
  const auto half = left_held().when(chat).then(told_of(chat));
  CHECK_FALSE(half.told);
  CHECK(owed(half).back() == effect{tell{1}});
  given_state{half}.when(chat).refused(rejection::nothing_to_do);
  const auto email = told_on("email", 1);
  CHECK(given_state{half}.when(email).then(told_of(email)).told);
}

TEST_CASE("word of another telling than the one that is owed does not count") {
  left_held().when(told_on("chat", 2)).refused(rejection::nothing_to_do);
  const auto again = given_state{left_held().now()}
                         .when(hold_of("right", 1, 3))
                         .then(succeeded("right", 1, 3), held{"right", "look at it"});
  given_state{again}.when(told_on("chat", 1)).refused(rejection::nothing_to_do);
}

TEST_CASE("a reminder falls due at its time, once, and has all channels asked again") {
  const auto due = midnight + 24h;
  left_told(due).when(remind{}, due - 1us).refused(rejection::nothing_to_do);
  const auto now = left_told(due).when(remind{}, due).then(reminder_due{1, false});
  CHECK_FALSE(now.told);
  CHECK(now.phase == phase::held);
  CHECK(now.telling.reminders == 1);
  CHECK(now.telling.since == midnight);
  CHECK(owed(now).back() == effect{tell{2}});
  given_state{now}.when(remind{}, due + 1h).refused(rejection::nothing_to_do);
  given_state{now}.when(told_on("chat", 1)).refused(rejection::nothing_to_do);
}

TEST_CASE("a reminder escalates once the time for it has come, and only once") {
  const auto due = midnight + 24h;
  left_told(due, due + 1s).when(remind{}, due).then(reminder_due{1, false});
  const auto now = left_told(due, due).when(remind{}, due).then(reminder_due{1, true});
  CHECK(now.telling.is_escalated);
  auto both = given_state{now};
  for (const auto* channel : {"chat", "email"}) {
    const auto word = told_on(channel, 2, due, due);
    both = given_state{both.when(word).then(told_of(word))};
  }
  both.when(remind{}, due).then(reminder_due{2, false});
}

TEST_CASE("whoever goes on, or ends, is not reminded") {
  const auto due = midnight + 24h;
  for (const auto& answer : std::vector<order>{approve{}, retry{}, cancel{}}) {
    const auto decided = decide(left_told(due).now(), {midnight, "ann", "", 0, answer});
    auto now = left_told(due).now();
    for (const auto& what : std::get<std::vector<event>>(decided))
      now = evolve(std::move(now), what, midnight);
    given_state{now}.when(remind{}, due).refused(rejection::nothing_to_do);
    CHECK(now.telling == telling{.number = 1});
  }
}

TEST_CASE("what an older log says was told was told on all channels") {
  const auto now = left_held().when(confirm_told{"mail-1"}).then(owner_told{"mail-1"});
  CHECK(now.told);
  CHECK(now.telling.remind_at == timestamp{});
}
