#include "tests/events/given.hpp"

using namespace skein;
using namespace skein::tests;

namespace {

std::string lines_of(const std::vector<effect>& effects) {
  std::string text;
  for (const auto& x : effects)
    text += line_of(x) + "\n";
  return text;
}

} // namespace

TEST_CASE("a blank migration owes nothing") { CHECK(owed({}).empty()); }

TEST_CASE("a running attempt is watched until its time-out, from when it started") {
  auto flow = single();
  flow.steps[0].timeout = 90s;
  auto now = evolve(replay({asked(flow)}), started("only", 1, 1), midnight + 1h);
  CHECK(lines_of(owed(now)) == "watch only #1 epoch 1 on w1 until 2026-03-01T01:01:30.000000Z\n");
}

TEST_CASE("a step to be retried is offered from when it is due") {
  const auto now = replay({asked(single()), started("only", 1, 1),
                           failed("only", 1, 1, error_class::transient),
                           retry_scheduled{"only", midnight + 7s}});
  CHECK(lines_of(owed(now)) == "offer only from 2026-03-01T00:00:07.000000Z\n");
}

TEST_CASE("what one commit starts is what was not owed before it") {
  const auto before = replay({asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1)});
  const auto after = evolve(before, started("left", 1, 2), midnight);
  CHECK(lines_of(newly_owed(before, after))
        == "watch left #1 epoch 2 on w1 until 2026-03-01T00:15:00.000000Z\n");
  CHECK(newly_owed(after, after).empty());
  CHECK(newly_owed({}, before) == owed(before));
}

TEST_CASE("every attempt is watched anew, because its epoch differs") {
  const auto first = replay({asked(single()), started("only", 1, 1)});
  const auto second
      = replay({asked(single()), started("only", 1, 1), failed("only", 1, 1, error_class::lost),
                retry_scheduled{"only", midnight}, started("only", 2, 2)});
  CHECK(newly_owed(first, second).size() == 1);
}

TEST_CASE("a migration that goes on offers again what it did not start while it rested") {
  const auto rested = replay({asked(flow_of({node("a"), node("b")})), started("a", 1, 1),
                              failed("a", 1, 1, error_class::permanent), parked{"a", "boom"}});
  CHECK(lines_of(owed(rested)) == "tell\n");
  const auto moving = evolve(rested, retried{{"a"}}, midnight);
  CHECK(lines_of(newly_owed(rested, moving)) == "offer a\noffer b\n");
}

TEST_CASE("a time-out too long to add up is watched for years, not ended at once") {
  auto flow = single();
  flow.steps[0].timeout = std::chrono::milliseconds::max();
  const auto now = replay({asked(flow), started("only", 1, 1)});
  CHECK(std::get<watch>(owed(now).at(0)).deadline == midnight + 3660 * 24h);
}
