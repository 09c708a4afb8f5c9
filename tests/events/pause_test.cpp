#include "events/record.hpp"
#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

TEST_CASE("a paused migration starts nothing, and what runs goes on") {
  const auto now
      = given(asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1), started("left", 1, 2))
            .when(migration::pause{})
            .then(paused{});
  CHECK(now.phase == phase::running);
  const auto effects = owed(now);
  REQUIRE(effects.size() == 1);
  CHECK(std::get<watch>(effects[0]).step == "left");
  given_state{now}.when(start("right")).refused(rejection::not_ready);
  const auto done = given_state{now}.when(success_of("left", 1, 2)).then(succeeded("left", 1, 2));
  CHECK(owed(done).empty());
}

TEST_CASE("a resumed migration owes again what it did not start") {
  const auto now = given(asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1), paused{})
                       .when(resume{})
                       .then(resumed{});
  CHECK(owed(now) == std::vector<effect>{offer{"left", {}}, offer{"right", {}}});
  given_state{now}.when(start("right")).then(started("right", 1, 2));
}

TEST_CASE("a pause waits for what rests, too, and keeps it from going on") {
  const auto now = given(asked(chain()), started("first", 1, 1), succeeded("first", 1, 1),
                         held{"first", "look at it"})
                       .when(migration::pause{})
                       .then(paused{});
  CHECK(now.phase == phase::held);
  CHECK(owed(now) == std::vector<effect>{tell{1}});
  const auto agreed = given_state{now}.when(approve{}).then(approved{"first"});
  CHECK(agreed.phase == phase::running);
  CHECK(owed(agreed).empty());
  const auto on = given_state{agreed}.when(resume{}).then(resumed{});
  CHECK(owed(on) == std::vector<effect>{offer{"second", {}}});
}

TEST_CASE("pausing twice, resuming what is not paused, and pausing what has ended is refused") {
  given(asked(single()), paused{}).when(migration::pause{}).refused(rejection::nothing_to_do);
  given(asked(single())).when(resume{}).refused(rejection::nothing_to_do);
  given(asked(single()), cancelled{}).when(migration::pause{}).refused(rejection::at_rest);
  given(asked(single()), started("only", 1, 1), succeeded("only", 1, 1), completed{})
      .when(migration::pause{})
      .refused(rejection::at_rest);
}

TEST_CASE("a paused migration can be cancelled, and its state comes back from its bytes") {
  const auto now = given(asked(single()), paused{}).when(cancel{}).then(cancelled{});
  CHECK(decode_state(encode(now)).value() == now);
  CHECK(now.is_paused);
}
