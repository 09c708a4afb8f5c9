// What must hold after every order, whatever the orders are. A failure names its seed.
#include "events/names.hpp"
#include "tests/events/describe.hpp"
#include "tests/events/random_life.hpp"
#include "tests/events/vocabulary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace skein;
using namespace skein::tests;

namespace {

constexpr uint64_t seeds = 400;
constexpr int orders_each = 80;

template <class Check>
void for_every_turn(Check check) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    random_life life{seed};
    for (int i = 0; i < orders_each; ++i) {
      const auto turn = life.next();
      INFO("seed " << seed << ", order " << i << ": " << name_of(turn.command.what));
      check(life, turn);
    }
  }
}

template <class Check>
void for_every_life(Check check) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    random_life life{seed};
    for (int i = 0; i < orders_each; ++i)
      life.next();
    INFO("seed " << seed);
    check(life);
  }
}

} // namespace

TEST_CASE("random lives reach every phase and cause every event") {
  std::set<std::string_view> events, phases;
  std::map<uint64_t, int> refusals;
  for_every_turn([&](const random_life& life, const random_life::turn& turn) {
    phases.insert(to_string(life.now().phase));
    for (const auto& x : turn.caused)
      events.insert(name_of(x.event));
    if (turn.caused.empty()) {
      const auto answer = decide(turn.before, turn.command);
      ++refusals[static_cast<uint64_t>(std::get<rejection>(answer))];
    }
  });
  CHECK(events.size() == event_names().size());
  CHECK(phases.size() == 8);
  CHECK(refusals.size() == 11); // all but bad_request: random workflows can run
}

TEST_CASE("a replay of the log's bytes is the live state, bit for bit") {
  for_every_life([](const random_life& life) {
    state replayed;
    for (const auto& live : life.log()) {
      const auto read = decode_record(encode(live));
      REQUIRE(read);
      replayed = evolve(std::move(replayed), read->event, read->at);
    }
    REQUIRE(replayed == life.now());
    REQUIRE(encode(replayed) == encode(life.now()));
  });
}

TEST_CASE("after every order a snapshot reads back as the state it was made of") {
  for_every_turn([](const random_life& life, const random_life::turn&) {
    const auto bytes = encode(life.now());
    const auto read = decode_state(bytes);
    REQUIRE(read);
    REQUIRE(*read == life.now());
    REQUIRE(encode(*read) == bytes);
  });
}

TEST_CASE("a record that was read is written with the same bytes") {
  for_every_turn([](const random_life&, const random_life::turn& turn) {
    for (const auto& x : turn.caused) {
      const auto bytes = encode(x);
      const auto read = decode_record(bytes);
      REQUIRE(read);
      REQUIRE(encode(*read) == bytes);
    }
  });
}

TEST_CASE("the command in the log, decided again, causes the events beside it") {
  for_every_life([](const random_life& life) {
    state now;
    const auto& log = life.log();
    for (std::size_t at = 0; at < log.size();) {
      const auto first = decode_record(encode(log[at]));
      REQUIRE(first);
      REQUIRE(first->command);
      std::vector<event> caused;
      for (std::size_t i = 0; i < first->caused; ++i)
        caused.push_back(log.at(at + i).event);
      const auto again = decide(now, *first->command);
      REQUIRE(std::holds_alternative<std::vector<event>>(again));
      REQUIRE(bytes_of(std::get<std::vector<event>>(again)) == bytes_of(caused));
      for (const auto& what : caused)
        now = evolve(std::move(now), what, first->at);
      at += first->caused;
    }
  });
}

TEST_CASE("epochs grow with every attempt, and a step's attempts are counted from one") {
  for_every_life([](const random_life& life) {
    uint64_t newest = 0;
    std::map<std::string, uint32_t> attempts;
    for (const auto& x : life.log())
      if (const auto* e = std::get_if<attempt_started>(&x.event)) {
        REQUIRE(e->epoch > newest);
        newest = e->epoch;
        REQUIRE(e->attempt == ++attempts[e->step]);
      }
  });
}

TEST_CASE("every attempt ends once, before its step has another, or is running") {
  for_every_life([](const random_life& life) {
    std::map<std::string, attempt_started> open;
    const auto end = [&](const auto& e) {
      REQUIRE(open.contains(e.step));
      REQUIRE(open.at(e.step).attempt == e.attempt);
      REQUIRE(open.at(e.step).epoch == e.epoch);
      open.erase(e.step);
    };
    for (const auto& x : life.log()) {
      if (const auto* e = std::get_if<attempt_started>(&x.event))
        REQUIRE(open.emplace(e->step, *e).second);
      if (const auto* e = std::get_if<attempt_succeeded>(&x.event))
        end(*e);
      if (const auto* e = std::get_if<attempt_failed>(&x.event))
        end(*e);
      if (const auto* e = std::get_if<attempt_stopped>(&x.event))
        end(*e);
    }
    for (std::size_t i = 0; i < life.now().steps.size(); ++i)
      REQUIRE((life.now().steps[i].status == step_status::running)
              == open.contains(life.now().flow.steps[i].name));
  });
}

TEST_CASE("a step starts only when all it depends on is done") {
  for_every_turn([](const random_life&, const random_life::turn& turn) {
    for (const auto& x : turn.caused)
      if (const auto* e = std::get_if<attempt_started>(&x.event)) {
        const auto& before = turn.before;
        for (const auto& on : before.flow.steps[*before.find(e->step)].depends_on)
          REQUIRE(is_done(before.steps[*before.find(on)].status));
      }
  });
}

TEST_CASE("what a step waits on is what is not done") {
  for_every_turn([](const random_life& life, const random_life::turn&) {
    const auto& now = life.now();
    for (std::size_t i = 0; i < now.steps.size(); ++i) {
      const auto& on = now.flow.steps[i].depends_on;
      const auto open = std::count_if(on.begin(), on.end(), [&](const auto& name) {
        return !is_done(now.steps[*now.find(name)].status);
      });
      REQUIRE(now.steps[i].waits_on == open);
      if (now.steps[i].status != step_status::skipped)
        REQUIRE((now.steps[i].status == step_status::waiting) == (open > 0));
    }
  });
}

TEST_CASE("a migration that rests or is paused owes nothing but watches and a notice") {
  for_every_turn([](const random_life& life, const random_life::turn& turn) {
    const auto& now = life.now();
    const auto todo = owed(now);
    if (rests(now.phase) || now.is_paused)
      for (const auto& x : todo)
        REQUIRE_FALSE(std::holds_alternative<offer>(x));
    if (now.phase == phase::completed || now.phase == phase::cancelled)
      REQUIRE(todo.empty());
    if (now.phase == phase::running && !now.is_paused)
      REQUIRE_FALSE(todo.empty());
    for (const auto& x : newly_owed(turn.before, now))
      REQUIRE(std::find(todo.begin(), todo.end(), x) != todo.end());
  });
}

TEST_CASE("a migration is complete exactly when all its steps are") {
  for_every_turn([](const random_life& life, const random_life::turn&) {
    const auto& now = life.now();
    const auto done = std::all_of(now.steps.begin(), now.steps.end(),
                                  [](const auto& x) { return is_done(x.status); });
    if (now.phase == phase::completed || now.phase == phase::rolled_back)
      REQUIRE((done && (now.phase == phase::rolled_back) == now.is_rolling_back));
    // A cancelled one is not looked at any more, and a question wants an answer first.
    else if (now.phase != phase::blank && now.phase != phase::cancelled)
      REQUIRE((!done || now.question != question::none));
  });
}
