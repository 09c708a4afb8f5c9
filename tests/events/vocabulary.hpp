#pragma once

#include "events/migration.hpp"

#include <string>
#include <utility>
#include <vector>

/// Short words for the facts and orders that the tests of the pure core are made of.
namespace skein::tests {

using namespace migration;
using namespace std::chrono_literals;

/// When every story starts.
inline constexpr timestamp midnight = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

inline step node(std::string name, std::vector<std::string> after = {}) {
  return {name, name + "-agent", std::move(after), 15min, {}};
}

inline workflow flow_of(std::vector<step> steps) { return {"test-flow", std::move(steps)}; }

inline workflow single() { return flow_of({node("only")}); }

inline workflow chain() { return flow_of({node("first"), node("second", {"first"})}); }

/// left and right run beside each other.
inline workflow diamond() {
  return flow_of({node("top"), node("left", {"top"}), node("right", {"top"}),
                  node("bottom", {"left", "right"})});
}

inline const subject plays{subject_kind::dataset, "plays", "v1", "v2"};

inline request ask(workflow flow) { return {plays, std::move(flow), "nightly"}; }

inline requested asked(workflow flow) { return {plays, std::move(flow), "nightly"}; }

// -- facts --------------------------------------------------------------------------------------

inline attempt_started started(std::string step, uint32_t attempt, uint64_t epoch) {
  return {std::move(step), attempt, epoch, "w1", 30s};
}

inline attempt_succeeded succeeded(std::string step, uint32_t attempt, uint64_t epoch) {
  return {std::move(step), attempt, epoch, "", {}};
}

inline attempt_failed failed(std::string step, uint32_t attempt, uint64_t epoch, error_class kind) {
  return {std::move(step), attempt, epoch, kind, "boom"};
}

/// An event of each kind that only operators cause, for any step; at the end it is done again from
/// that step, which undoes the rollback.
inline std::vector<event> operators_events(const std::string& step) {
  return {
      rewound{{step}},
      skipped{step},
      input_overridden{step, "{}"},
      hold_placed{"why"},
      rejected{{step}, "no"},
      hold_lifted{},
      priority_changed{7},
      rollback_started{node("rollback"), "why"},
      rolled_back{},
      attempt_stopped{step, 1, 2, "why"},
      owner_told{"digest", "chat", {"chat", "email"}, midnight, midnight},
      reminder_due{1, true},
      steered{steering::halted{}},
      steered{steering::released{std::chrono::milliseconds{5}}},
      steered{steering::scope_paused{steering::scope::owner, "film"}},
      steered{steering::scope_resumed{steering::scope::owner, "film"}},
      steered{steering::limit_changed{"running", 3}},
      steered{steering::bulk_started{"1", {"retry", {}, "", "", 0, 0}, "ann", "why"}},
      steered{steering::bulk_advanced{"1", "a@v2", 1, 2}},
      steered{steering::bulk_ended{"1"}},
      steered{steering::bulk_stopped{"1"}},
      rewound{{step}},
  };
}

inline std::vector<event> joined(std::vector<event> all,
                                 std::initializer_list<std::vector<event>> more) {
  for (const auto& each : more)
    all.insert(all.end(), each.begin(), each.end());
  return all;
}

// -- orders -------------------------------------------------------------------------------------

inline start_attempt start(std::string step) { return {std::move(step), "w1", 30s}; }

inline finish_attempt success_of(std::string step, uint32_t attempt, uint64_t epoch,
                                 success how = {}) {
  return {std::move(step), attempt, epoch, std::move(how)};
}

inline finish_attempt hold_of(std::string step, uint32_t attempt, uint64_t epoch) {
  return success_of(std::move(step), attempt, epoch, {"", {}, "look at it"});
}

inline finish_attempt setback_of(std::string step, uint32_t attempt, uint64_t epoch,
                                 error_class kind) {
  return {std::move(step), attempt, epoch, setback{kind, "boom"}};
}

inline state replay(const std::vector<event>& history, timestamp at = midnight) {
  state now;
  for (const auto& what : history)
    now = evolve(std::move(now), what, at);
  return now;
}

} // namespace skein::tests
