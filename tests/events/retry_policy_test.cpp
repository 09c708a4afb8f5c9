#include "tests/events/given.hpp"

#include <limits>

using namespace skein;
using namespace skein::tests;

namespace {

constexpr auto any_random = std::numeric_limits<uint64_t>::max();

/// The only step has failed `failures` times in one way and runs again.
std::vector<event> after_failures(const workflow& flow, uint32_t failures, error_class kind) {
  std::vector<event> history{asked(flow)};
  for (uint32_t n = 1; n <= failures; ++n) {
    history.emplace_back(started("only", n, n));
    history.emplace_back(failed("only", n, n, kind));
    history.emplace_back(retry_scheduled{"only", midnight});
  }
  history.emplace_back(started("only", failures + 1, failures + 1));
  return history;
}

/// How long the retry after the n-th failure waits when the random number is `random`.
std::chrono::microseconds wait_after(uint32_t n, retry_rule rule, uint64_t random) {
  auto flow = single();
  flow.steps[0].retry.rules[index_of(error_class::transient)] = rule;
  const auto now = replay(after_failures(flow, n - 1, error_class::transient));
  const auto answer
      = decide(now, {midnight, "", "", random, setback_of("only", n, n, error_class::transient)});
  const auto& events = std::get<std::vector<event>>(answer);
  REQUIRE(events.size() == 2);
  return std::get<retry_scheduled>(events[1]).due - midnight;
}

/// The longest wait: `random` is drawn modulo one more than the ceiling.
void check_ceiling(uint32_t n, retry_rule rule, std::chrono::milliseconds ceiling) {
  const auto ms = static_cast<uint64_t>(ceiling.count());
  CAPTURE(n, ms);
  CHECK(wait_after(n, rule, 0) == 0ms);
  CHECK(wait_after(n, rule, ms) == ceiling);
  CHECK(wait_after(n, rule, ms + 1) == 0ms);
  CHECK(wait_after(n, rule, any_random) <= ceiling);
}

} // namespace

TEST_CASE("each error class has its own limit, and the failure that reaches it parks the step") {
  const std::vector<std::pair<error_class, uint32_t>> limits{{error_class::transient, 5},
                                                             {error_class::permanent, 1},
                                                             {error_class::timeout, 2},
                                                             {error_class::lost, 10},
                                                             {error_class::out_of_memory, 2}};
  for (auto [kind, limit] : limits) {
    CAPTURE(to_string(kind));
    if (limit > 1)
      given(after_failures(single(), limit - 2, kind))
          .when(setback_of("only", limit - 1, limit - 1, kind))
          .then(failed("only", limit - 1, limit - 1, kind), retry_scheduled{"only", midnight});
    given(after_failures(single(), limit - 1, kind))
        .when(setback_of("only", limit, limit, kind))
        .then(failed("only", limit, limit, kind), parked{"only", "boom"});
  }
}

TEST_CASE("failures of one class do not use up another's limit") {
  const auto now
      = given(after_failures(single(), 4, error_class::transient))
            .when(setback_of("only", 5, 5, error_class::lost))
            .then(failed("only", 5, 5, error_class::lost), retry_scheduled{"only", midnight});
  CHECK(now.steps[0].failures == std::array<uint32_t, error_class_count>{4, 0, 0, 1, 0});
  CHECK(now.steps[0].last_failure == "boom");
}

TEST_CASE("a limit of no attempts parks at the first failure") {
  auto flow = single();
  flow.steps[0].retry.rules[index_of(error_class::lost)].max_attempts = 0;
  given(after_failures(flow, 0, error_class::lost))
      .when(setback_of("only", 1, 1, error_class::lost))
      .then(failed("only", 1, 1, error_class::lost), parked{"only", "boom"});
}

TEST_CASE("the wait before the n-th retry is uniform in [0, min(cap, base * 2^(n-1))]") {
  const retry_rule rule{100, 1s, 60s};
  check_ceiling(1, rule, 1s);
  check_ceiling(2, rule, 2s);
  check_ceiling(6, rule, 32s);
  check_ceiling(7, rule, 60s);
  check_ceiling(80, rule, 60s);
}

TEST_CASE("every wait up to the ceiling can happen") {
  std::array<int, 5> seen{};
  for (uint64_t random = 0; random < 50; ++random)
    ++seen.at(wait_after(1, {100, 4ms, 1h}, random) / 1ms);
  CHECK(seen == std::array<int, 5>{10, 10, 10, 10, 10});
}

TEST_CASE("waits go on doubling below a far cap") {
  check_ceiling(41, {100, 1ms, std::chrono::hours{24 * 365 * 20}}, 366 * 24h);
  check_ceiling(34, {100, 1ms, 200 * 24h}, std::chrono::milliseconds{1ll << 33});
}

TEST_CASE("a base too big to double stays below its cap") {
  const auto huge = std::chrono::milliseconds::max();
  check_ceiling(1, {100, huge, 60s}, 60s);
  check_ceiling(2, {100, huge, 60s}, 60s);
  check_ceiling(31, {100, huge / 2, 60s}, 60s);
  check_ceiling(64, {100, huge, 60s}, 60s);
}

TEST_CASE("no wait is longer than a year, so that no due time overflows") {
  const auto huge = std::chrono::milliseconds::max();
  check_ceiling(1, {100, huge, huge}, 366 * 24h);
  check_ceiling(90, {100, huge, huge}, 366 * 24h);
}

TEST_CASE("a rule with a negative base or cap does not wait") {
  check_ceiling(1, {100, -1ms, 60s}, 0ms);
  check_ceiling(3, {100, 1s, -1ms}, 0ms);
  check_ceiling(2, {100, 0ms, 0ms}, 0ms);
}
