#include "tests/events/given.hpp"
#include "tests/events/golden_file.hpp"

#include <algorithm>

using namespace skein;
using namespace skein::tests;

namespace {

/// A diamond whose left branch runs with epoch 2, and whose right branch is what `rest` makes it.
state beside_left(std::vector<event> rest) {
  std::vector<event> history{asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1),
                             started("left", 1, 2)};
  history.insert(history.end(), rest.begin(), rest.end());
  return replay(history);
}

struct column {
  const char* name;
  state now;
};

std::vector<column> columns() {
  const auto right = started("right", 1, 3);
  const auto wrong = failed("right", 1, 3, error_class::permanent);
  return {
      {"running", beside_left({})},
      {"retrying", beside_left({right, wrong, retry_scheduled{"right", midnight + 1s}})},
      {"held", beside_left({right, succeeded("right", 1, 3), held{"right", "look at it"}})},
      {"told", beside_left({right, succeeded("right", 1, 3), held{"right", "look at it"},
                            owner_told{"d0", "chat", {"chat"}, midnight, midnight}})},
      {"parked", beside_left({right, wrong, parked{"right", "boom"}})},
      {"paused", beside_left({paused{}})},
      {"asked", beside_left({hold_placed{"may it?"}})},
      {"denied", beside_left({hold_placed{"may it?"}, rejected{{}, "no"}})},
      {"quarantined", beside_left({quarantined{"a bug"}})},
      {"cancelled", beside_left({cancelled{}})},
      {"completed", beside_left({right, succeeded("right", 1, 3), succeeded("left", 1, 2),
                                 started("bottom", 1, 4), succeeded("bottom", 1, 4), completed{}})},
      {"rolling back",
       beside_left({failed("left", 1, 2, error_class::permanent), parked{"left", "boom"},
                    rollback_started{node("rollback"), "it is wrong"}})},
      {"rolled back",
       beside_left({failed("left", 1, 2, error_class::permanent), parked{"left", "boom"},
                    rollback_started{node("rollback"), "it is wrong"}, started("rollback", 1, 3),
                    succeeded("rollback", 1, 3), rolled_back{}})},
  };
}

const std::vector<std::pair<const char*, order>> rows{
    {"request", ask(diamond())},
    {"start what runs", start("left")},
    {"start the other", start("right")},
    {"start too early", start("bottom")},
    {"start what is done", start("top")},
    {"start no such step", start("nosuch")},
    {"report", success_of("left", 1, 2)},
    {"report setback", setback_of("left", 1, 2, error_class::permanent)},
    {"report hold", hold_of("left", 1, 2)},
    {"report old epoch", success_of("left", 1, 1)},
    {"report what is done", success_of("top", 1, 1)},
    {"report no such step", success_of("nosuch", 1, 2)},
    {"retry", retry{}},
    {"approve", approve{}},
    {"cancel", cancel{}},
    {"pause", migration::pause{}},
    {"resume", resume{}},
    {"retry from top", retry_from{"top"}},
    {"retry from the other", retry_from{"right"}},
    {"skip what runs", skip{"left"}},
    {"skip the other", skip{"right"}},
    {"skip the last", skip{"bottom"}},
    {"override an input", override_input{"bottom", "{\"limit\":1}"}},
    {"hold", migration::hold{}},
    {"reject", reject{}},
    {"set the priority", set_priority{10}},
    {"set no priority", set_priority{101}},
    {"roll back", roll_back{"undo", 60s, {}}},
    {"stop what runs", stop_attempt{"left", 2, "halted"}},
    {"stop old epoch", stop_attempt{"left", 1, "halted"}},
    {"steer the fleet", steer{steering::halt{}}},
    {"confirm told", confirm_told{"d1"}},
    {"remind", remind{}},
    {"quarantine", quarantine{"a bug"}},
};

const char* word_of(rejection why) {
  switch (why) {
    case rejection::already_requested: return "!requested";
    case rejection::not_requested: return "!blank";
    case rejection::bad_request: return "!bad";
    case rejection::unknown_step: return "!unknown";
    case rejection::not_ready: return "!not-ready";
    case rejection::still_running: return "!running";
    case rejection::stale_epoch: return "!stale";
    case rejection::at_rest: return "!ended";
    case rejection::as_it_is: return "!so-already";
    case rejection::unknown_bulk: return "!no-bulk";
    case rejection::bad_order: return "!bad-order";
    case rejection::nothing_to_do: return "!nothing";
  }
  return "!?";
}

std::string cell(const decision& answer) {
  if (const auto* why = std::get_if<rejection>(&answer))
    return word_of(*why);
  std::string text;
  for (const auto& what : std::get<std::vector<event>>(answer))
    text += (text.empty() ? "" : "+") + std::string{name_of(what)};
  return text;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string row(const std::string& name, const std::vector<std::string>& cells) {
  auto text = padded(name, 20);
  for (const auto& x : cells)
    text += " | " + padded(x, 22);
  return text.substr(0, text.find_last_not_of(' ') + 1) + "\n";
}

std::string line(const std::pair<const char*, order>& what, const std::vector<column>& states) {
  std::vector<std::string> cells;
  for (const auto& [name, now] : states)
    cells.push_back(cell(decide(now, {midnight, "tester", "", 0, what.second})));
  return row(what.first, cells);
}

} // namespace

TEST_CASE("every order in every phase, beside a running branch") {
  const auto states = columns();
  std::vector<std::string> names;
  for (const auto& x : states)
    names.emplace_back(x.name);
  std::string table = "# What each order (a row) causes in each phase (a column) of a diamond\n"
                      "# whose left branch runs with epoch 2. A refusal begins with '!'.\n\n"
                      + row("", names);
  for (const auto& what : rows)
    table += line(what, states);
  check_golden("order_table.txt", table);
}
