#include "events/record.hpp"
#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

namespace {

state with_bottom_parked() {
  return replay({asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1),
                 started("left", 1, 2), succeeded("left", 1, 2), started("right", 1, 3),
                 succeeded("right", 1, 3), started("bottom", 1, 4),
                 failed("bottom", 1, 4, error_class::permanent), parked{"bottom", "boom"}});
}

state completed_chain() {
  return replay({asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
                 started("second", 1, 2), succeeded("second", 1, 2), completed{}});
}

} // namespace

TEST_CASE("retry from a step does it again with all that depends on it, and nothing else") {
  const auto now = given_state{with_bottom_parked()}
                       .when(retry_from{"left"})
                       .then(rewound{{"left", "bottom"}});
  CHECK(now.phase == phase::running);
  CHECK(owed(now) == std::vector<effect>{offer{"left", {}}});
  CHECK(now.steps[*now.find("bottom")].waits_on == 1);
  CHECK(now.steps[*now.find("right")].status == step_status::succeeded);
  CHECK(decode_state(encode(now)).value() == now);
}

TEST_CASE("retry from a step counts its failures anew, and its attempts on") {
  const auto now
      = given_state{with_bottom_parked()}.when(retry_from{"bottom"}).then(rewound{{"bottom"}});
  CHECK(now.steps[*now.find("bottom")].failures == std::array<uint32_t, error_class_count>{});
  given_state{now}.when(start("bottom")).then(started("bottom", 2, 5));
}

TEST_CASE("a step that was skipped lets go on what depends on it, without an output") {
  const auto now = given(asked(chain()), started("first", 1, 1),
                         failed("first", 1, 1, error_class::permanent), parked{"first", "boom"})
                       .when(skip{"first"})
                       .then(skipped{"first"});
  CHECK(now.phase == phase::running);
  CHECK(owed(now) == std::vector<effect>{offer{"second", {}}});
  given_state{now}.when(skip{"second"}).then(skipped{"second"}, completed{});
}

TEST_CASE("a held step that is skipped no longer asks") {
  const auto now = given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
                         held{"first", "look"})
                       .when(skip{"first"})
                       .then(skipped{"first"});
  CHECK(owed(now) == std::vector<effect>{offer{"second", {}}});
}

TEST_CASE("a migration that an operator holds ends only once the answer is yes") {
  const auto asked_for = given(asked(single()), started("only", 1, 1))
                             .when(migration::hold{})
                             .then(hold_placed{"a test"});
  CHECK(asked_for.phase == phase::held);
  CHECK(asked_for.why == "a test");
  const auto done
      = given_state{asked_for}.when(success_of("only", 1, 1)).then(succeeded("only", 1, 1));
  CHECK(done.phase == phase::held);
  given_state{done}.when(retry{}).refused(rejection::nothing_to_do);
  given_state{done}.when(approve{}).then(hold_lifted{}, completed{});
  const auto no = given_state{done}.when(reject{}).then(rejected{{}, "a test"});
  CHECK(no.phase == phase::parked);
  CHECK(owed(no) == std::vector<effect>{tell{2}});
  given_state{no}.when(approve{}).refused(rejection::nothing_to_do);
  given_state{no}.when(retry{}).then(retried{}, completed{});
}

TEST_CASE("a step that was rejected is parked with the note, and can be done again") {
  const auto now = given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
                         held{"first", "look"})
                       .when(reject{})
                       .then(rejected{{"first"}, "a test"});
  CHECK(now.why == "a test");
  CHECK_FALSE(now.told);
  const auto again = given_state{now}.when(retry{}).then(retried{{"first"}});
  CHECK(owed(again) == std::vector<effect>{offer{"first", {}}});
}

TEST_CASE("a priority is offered with each step") {
  const auto now = given(asked(chain())).when(set_priority{7}).then(priority_changed{7});
  CHECK(owed(now) == std::vector<effect>{offer{"first", {}, 7}});
  CHECK(newly_owed(replay({asked(chain())}), now) == owed(now));
  given(asked(chain())).when(set_priority{priority_max + 1}).refused(rejection::bad_request);
}

TEST_CASE("putting the old version back is a step of its own, after which nothing else is done") {
  const auto begun = given_state{completed_chain()}
                         .when(roll_back{"undo", 60s, {}})
                         .then(rollback_started{{"rollback", "undo", {}, 60s, {}}, "a test"});
  CHECK(begun.phase == phase::running);
  CHECK(owed(begun) == std::vector<effect>{offer{"rollback", {}}});
  given_state{begun}.when(roll_back{"undo", 60s, {}}).refused(rejection::nothing_to_do);
  given_state{begun}.when(skip{"rollback"}).refused(rejection::nothing_to_do);
  const auto runs = given_state{begun}.when(start("rollback")).then(started("rollback", 1, 3));
  given_state{runs}.when(retry_from{"first"}).refused(rejection::still_running);
  const auto done = given_state{runs}
                        .when(success_of("rollback", 1, 3))
                        .then(succeeded("rollback", 1, 3), rolled_back{});
  CHECK(done.phase == phase::rolled_back);
  CHECK(done.why == "a test");
  CHECK(owed(done) == std::vector<effect>{tell{1}});
  CHECK(decode_state(encode(done)).value() == done);
  given_state{done}.when(cancel{}).refused(rejection::at_rest);
  given_state{done}.when(retry{}).refused(rejection::nothing_to_do);
}

TEST_CASE("what was put back can be done again from a step, as if it never had been") {
  auto now = given_state{completed_chain()}.when(roll_back{"undo", 60s, {}}).now();
  now = given_state{now}.when(start("rollback")).now();
  now = given_state{now}.when(success_of("rollback", 1, 3)).now();
  given_state{now}.when(retry_from{"rollback"}).refused(rejection::unknown_step);
  const auto again = given_state{now}.when(retry_from{"first"}).then(rewound{{"first", "second"}});
  CHECK(again.flow == chain());
  CHECK_FALSE(again.is_rolling_back);
  CHECK(owed(again) == std::vector<effect>{offer{"first", {}}});
  given_state{again}
      .when(roll_back{"undo", 60s, {}})
      .then(rollback_started{{"rollback-2", "undo", {}, 60s, {}}, "a test"});
}

TEST_CASE("nothing is put back while a step runs, and a step's name is never taken twice") {
  given(asked(single()), started("only", 1, 1))
      .when(roll_back{"undo", 60s, {}})
      .refused(rejection::still_running);
  given(asked(flow_of({node("rollback")})))
      .when(roll_back{"undo", 60s, {}})
      .then(rollback_started{{"rollback-again", "undo", {}, 60s, {}}, "a test"});
}
