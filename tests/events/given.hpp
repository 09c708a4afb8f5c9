#pragma once

#include "tests/events/describe.hpp"
#include "tests/events/vocabulary.hpp"

#include <catch2/catch.hpp>

/// given(events...).when(order).then(events...), or .refused(why): no actor, no disk, no clock.
namespace skein::tests {

/// An answer of `decide`, and what follows from it.
class answered {
public:
  answered(state before, decision answer) : now_{std::move(before)}, answer_{std::move(answer)} {
    if (const auto* events = std::get_if<std::vector<event>>(&answer_))
      for (const auto& what : *events)
        now_ = evolve(std::move(now_), what, midnight);
  }

  /// Exactly these events, in this order; the state after them.
  template <class... Events>
  state then(Events... expected) const {
    const std::vector<event> want{event{std::move(expected)}...};
    CHECK(lines_of(answer_) == lines_of(decision{want}));
    if (const auto* got = std::get_if<std::vector<event>>(&answer_))
      CHECK(bytes_of(*got) == bytes_of(want));
    return now_;
  }

  void refused(rejection why) const { CHECK(lines_of(answer_) == lines_of(decision{why})); }

  const state& now() const { return now_; }

private:
  state now_;
  decision answer_;
};

class given_state {
public:
  explicit given_state(state now) : now_{std::move(now)} {}

  answered when(order what, timestamp at = midnight, uint64_t random = 0) const {
    INFO("when " << name_of(what));
    return {now_, decide(now_, {at, "tester", "a test", random, std::move(what)})};
  }

  const state& now() const { return now_; }

private:
  state now_;
};

template <class... Events>
given_state given(Events... history) {
  return given_state{replay({event{std::move(history)}...})};
}

inline given_state given(std::vector<event> history) { return given_state{replay(history)}; }

} // namespace skein::tests
