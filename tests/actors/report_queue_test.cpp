#include "actors/report_queue.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

using moment = report_queue::moment;

const moment start{1h};

bus::report::item item(const std::string& id, std::size_t bytes = 2) {
  return {id, {"step", 1, 7, migration::success{std::string(bytes, 'x'), {}, {}}}};
}

bus::report_reply verdicts(std::initializer_list<bus::report_reply::verdict> all) { return {all}; }

std::vector<std::string> ids(const std::vector<bus::report::item>& items) {
  std::vector<std::string> result;
  for (const auto& x : items)
    result.push_back(x.migration);
  return result;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a result is repeated until there is a verdict on it, ever more slowly") {
  report_queue queue;
  CHECK(queue.due() == moment::max());
  queue.add(item("a"));
  auto now = start;
  std::vector<std::chrono::milliseconds> waits;
  for (int i = 0; i < 8; ++i) {
    REQUIRE(ids(queue.next(now)) == names{"a"});
    CHECK(queue.due() == moment::max());
    CHECK(queue.answered(fail("nobody there"), now).empty());
    waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(queue.due() - now));
    CHECK(queue.next(queue.due() - 1ms).empty());
    now = queue.due();
  }
  CHECK(waits
        == std::vector<std::chrono::milliseconds>{100ms, 200ms, 400ms, 800ms, 1600ms, 3200ms, 5s,
                                                  5s});
  REQUIRE(queue.next(now).size() == 1);
  const auto settled = queue.answered(verdicts({{true, false, ""}}), now);
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].accepted);
  CHECK(queue.empty());
}

TEST_CASE("a refusal is final; what could not be decided comes again") {
  report_queue queue;
  for (const auto* id : {"a", "b", "c"})
    queue.add(item(id));
  REQUIRE(queue.next(start).size() == 3);
  const auto settled = queue.answered(
      verdicts({{false, false, "stale"}, {false, true, "not now"}, {true, false, ""}}), start);
  REQUIRE(settled.size() == 2);
  CHECK_FALSE(settled[0].accepted);
  CHECK(settled[0].why == "stale");
  CHECK(ids(queue.next(start + 100ms)) == names{"b"});
}

TEST_CASE("an answer that does not fit its question is none") {
  report_queue queue;
  queue.add(item("a"));
  queue.add(item("b"));
  queue.next(start);
  CHECK(queue.answered(verdicts({{true, false, ""}}), start).empty());
  CHECK(ids(queue.next(start + 1s)) == names{"a", "b"});
}

TEST_CASE("what is added while a batch is under way goes with the next") {
  report_queue queue;
  queue.add(item("a"));
  queue.next(start);
  queue.add(item("b"));
  CHECK(queue.next(start).empty());
  queue.answered(verdicts({{true, false, ""}}), start);
  CHECK(ids(queue.next(start)) == names{"b"});
}

TEST_CASE("batches are bounded by items and by bytes") {
  report_queue many;
  for (int i = 0; i < 450; ++i)
    many.add(item(std::to_string(i)));
  CHECK(many.next(start).size() == 200);
  report_queue large;
  for (int i = 0; i < 5; ++i)
    large.add(item(std::to_string(i), 256 << 10));
  CHECK(large.next(start).size() == 2);
}

TEST_CASE("a dropped result is neither sent nor repeated") {
  report_queue queue;
  queue.add(item("a"));
  queue.add(item("b"));
  queue.drop({"b", "step", 7});
  CHECK(queue.keys() == std::vector<attempt_key>{{"a", "step", 7}});
  queue.next(start);
  queue.drop({"a", "step", 7});
  CHECK(queue.keys().empty());
  CHECK(queue.answered(fail("nobody there"), start).empty());
  CHECK(queue.empty());
}
