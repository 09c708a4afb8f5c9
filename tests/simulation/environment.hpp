#pragma once

#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/story.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace skein::simulation {

/// What all parts of one simulation share. Nothing in it is for more than one thread.
struct environment {
  environment(const simulation::plan& given_, std::size_t story_lines)
      : given{given_}, dice{given_.seed ^ 0x736b65696e}, story{story_lines} {}

  const simulation::plan given;
  simulation::dice dice;
  simulation::agenda agenda;
  simulation::story story;
  const migration::timestamp begun{std::chrono::hours{24 * 365 * 56}};
  migration::timestamp now = begun;
  bool calm = false; ///< faults are over, and everybody behaves

  void after(std::chrono::milliseconds wait, std::function<void()> what) {
    agenda.at(now + wait, std::move(what));
  }

  template <class... Args>
  void tell(fmt::format_string<Args...> sentence, Args&&... args) {
    story.tell(now - begun, sentence, std::forward<Args>(args)...);
  }

  /// Draws whether something bad happens; never once it is calm.
  bool trouble(uint64_t percent) { return !calm && percent > 0 && dice.percent(percent); }
};

} // namespace skein::simulation
