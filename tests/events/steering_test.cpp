#include "events/steering.hpp"

#include "events/record.hpp"
#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;
using steering::scope;

namespace {

migration::state steered_by(const std::vector<steering::order>& orders) {
  migration::state now;
  for (const auto& what : orders)
    now = given_state{now}.when(steer{what}).now();
  return now;
}

const steering::state& fleet_of(const migration::state& now) { return now.fleet.value(); }

void refused(const migration::state& now, steering::order what, rejection why) {
  given_state{now}.when(steer{std::move(what)}).refused(why);
}

} // namespace

TEST_CASE("a fleet is halted once, and let go once") {
  refused({}, steering::release{}, rejection::as_it_is);
  const auto halted = steered_by({steering::halt{}});
  CHECK(fleet_of(halted).is_halted);
  refused(halted, steering::halt{}, rejection::as_it_is);
  refused(halted, steering::release{-1ms}, rejection::bad_order);
  const auto on = given_state{halted}.when(steer{steering::release{10s}}).now();
  CHECK_FALSE(fleet_of(on).is_halted);
  CHECK(decode_state(encode(on)).value() == on);
}

TEST_CASE("a ramp lets ever more run at once, from one to what is allowed") {
  steering::state now;
  now.released_at = midnight;
  now.ramp = 100s;
  CHECK(ramped(now, 100, midnight) == 1);
  CHECK(ramped(now, 100, midnight + 50s) == 10);
  CHECK(ramped(now, 100, midnight + 100s) == 100);
  CHECK(ramped(now, 0, midnight + 50s) == 32);
  CHECK(ramped(now, 0, midnight + 100s) == 0);
  CHECK(ramped(now, 100, midnight - 5s) == 1);
  now.ramp = 0s;
  CHECK(ramped(now, 7, midnight) == 7);
}

TEST_CASE("a part of the fleet is paused and resumed by its kind and name") {
  const auto now = steered_by({steering::pause_scope{scope::owner, "film"}});
  refused(now, steering::pause_scope{scope::owner, "film"}, rejection::as_it_is);
  refused(now, steering::resume_scope{scope::storage, "film"}, rejection::as_it_is);
  refused(now, steering::pause_scope{scope::owner, ""}, rejection::bad_order);
  const auto on = given_state{now}.when(steer{steering::resume_scope{scope::owner, "film"}}).now();
  CHECK(fleet_of(on).paused.empty());
}

TEST_CASE("a limit is changed, and put back to what the workspace says") {
  const auto now = steered_by({steering::change_limit{"running", 3}});
  CHECK(fleet_of(now).limits.at("running") == 3);
  refused(now, steering::change_limit{"running", 3}, rejection::as_it_is);
  refused(now, steering::change_limit{"speed", 3}, rejection::bad_order);
  refused(now, steering::change_limit{"agent:", 3}, rejection::bad_order);
  refused(now, steering::change_limit{"intake", 0}, rejection::bad_order);
  const auto back
      = given_state{now}.when(steer{steering::change_limit{"running", std::nullopt}}).now();
  CHECK(fleet_of(back).limits.empty());
}

TEST_CASE("a bulk keeps who began it and how far it came, until it ends or is stopped") {
  const steering::bulk_plan plan{"retry", {{"state", "parked"}}, "", "", 0, 0};
  auto now = steered_by({steering::start_bulk{plan}, steering::start_bulk{plan},
                         steering::advance_bulk{"2", "m@v2", 5, 1}, steering::stop_bulk{"2"}});
  const auto& bulks = fleet_of(now).bulks;
  REQUIRE(bulks.size() == 2);
  CHECK(bulks[0].actor == "tester");
  CHECK(bulks[0].reason == "a test");
  CHECK(bulks[1].status == steering::bulk_status::stopped);
  CHECK(bulks[1].reached == "m@v2");
  CHECK(bulks[1].obeyed == 5);
  refused(now, steering::advance_bulk{"2", "n@v2", 6, 1}, rejection::unknown_bulk);
  refused(now, steering::end_bulk{"3"}, rejection::unknown_bulk);
  CHECK(decode_state(encode(now)).value() == now);
}

TEST_CASE("only the newest of the bulks that are over are kept, and all that run") {
  std::vector<steering::order> orders{steering::start_bulk{{"retry", {}, "", "", 0, 0}}};
  for (int i = 2; i < 100; ++i) {
    orders.push_back(steering::start_bulk{{"retry", {}, "", "", 0, 0}});
    orders.push_back(steering::end_bulk{std::to_string(i)});
  }
  const auto now = steered_by(orders);
  CHECK(fleet_of(now).find("1"));
  CHECK_FALSE(fleet_of(now).find("2"));
  CHECK(fleet_of(now).find("99"));
  CHECK(fleet_of(now).bulks.size() <= 52);
}

TEST_CASE("the fleet's stream is no migration, and a migration does not steer the fleet") {
  const auto fleet = steered_by({steering::halt{}});
  CHECK(owed(fleet).empty());
  given_state{fleet}.when(ask(single())).refused(rejection::already_requested);
  given_state{fleet}.when(cancel{}).refused(rejection::not_requested);
  given(asked(single())).when(steer{steering::halt{}}).refused(rejection::bad_order);
}

TEST_CASE("an attempt that is stopped is no failure: its step is ready again") {
  const auto now = given(asked(single()), started("only", 1, 1))
                       .when(stop_attempt{"only", 1, "the fleet was halted"})
                       .then(attempt_stopped{"only", 1, 1, "the fleet was halted"});
  CHECK(owed(now) == std::vector<effect>{offer{"only", {}}});
  CHECK(now.steps[0].failures == std::array<uint32_t, error_class_count>{});
  given_state{now}.when(success_of("only", 1, 1)).refused(rejection::stale_epoch);
  given_state{now}.when(start("only")).then(started("only", 2, 2));
}
