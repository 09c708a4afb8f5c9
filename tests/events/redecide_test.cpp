// Decision replay, and the golden logs as a guard: a change of the core that would have decided
// otherwise in the past fails here. REWRITE=1 adds the lives that are missing, and never touches
// one that is there.
#include "events/names.hpp"
#include "events/redecide.hpp"

#include "tests/events/golden_file.hpp"
#include "tests/events/golden_log.hpp"
#include "tests/events/random_life.hpp"
#include "tests/events/vocabulary.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

using namespace skein;
using namespace skein::tests;

namespace {

const std::string lives = "golden/lives";
constexpr uint64_t golden_lives = 90;
constexpr int orders_each = 60;

using history = std::vector<record>;

std::vector<divergence> redecided(const std::vector<std::string>& log, const std::string& id) {
  redecider again{id};
  uint64_t sequence = 100;
  for (const auto& bytes : log)
    again.take(sequence++, bytes);
  return again.finish();
}

std::vector<divergence> redecided(const history& log) {
  std::vector<std::string> bytes;
  for (const auto& x : log)
    bytes.push_back(encode(x));
  return redecided(bytes, "plays@v2");
}

history life_of(uint64_t seed) {
  random_life life{seed};
  for (int i = 0; i < orders_each; ++i)
    life.next();
  return life.log();
}

/// What orders cause, one after the other.
history caused_by(const std::vector<order>& orders) {
  history log;
  state now;
  for (const auto& what : orders) {
    const command cmd{midnight, "ann", "why not", 7, what};
    const auto answer = decide(now, cmd);
    for (auto& x :
         make_records("plays@v2", log.size(), cmd, std::get<std::vector<event>>(answer))) {
      now = evolve(std::move(now), x.event, x.at);
      log.push_back(std::move(x));
    }
  }
  return log;
}

/// requested, attempt_started, attempt_succeeded, completed
history short_life() { return caused_by({ask(single()), start("only"), success_of("only", 1, 1)}); }

std::string life_file(uint64_t seed) { return lives + "/" + std::to_string(seed) + ".bin"; }

void record_missing_lives() {
  for (uint64_t seed = 1; seed <= golden_lives; ++seed) {
    if (std::filesystem::exists(golden_path(life_file(seed))))
      continue;
    std::string log;
    for (const auto& x : life_of(seed))
      append_delimited(log, encode(x));
    write_golden(life_file(seed), log);
  }
}

void check_golden_folder(const std::string& folder) {
  for (const auto& name : names_in(folder, ".bin")) {
    const auto log = split_delimited(read_golden(folder + "/" + name + ".bin"));
    const auto id = decode_record(log.at(0))->migration;
    for (const auto& x : redecided(log, id)) {
      CAPTURE(name, x.version, x.command, x.fault);
      FAIL_CHECK("today's code would have decided otherwise");
    }
  }
}

} // namespace

TEST_CASE("today's code decides as the golden logs say it was decided") {
  if (rewriting())
    record_missing_lives();
  check_golden_folder("golden/v1");
  check_golden_folder(lives);
}

TEST_CASE("the golden lives hold every kind of event and command that there is") {
  std::set<std::string_view> events, orders;
  const auto names = names_in(lives, ".bin");
  REQUIRE(names.size() >= golden_lives);
  for (const auto& name : names)
    for (const auto& bytes : split_delimited(read_golden(lives + "/" + name + ".bin"))) {
      const auto x = decode_record(bytes);
      REQUIRE(x);
      events.insert(name_of(x->event));
      if (x->command)
        orders.insert(name_of(x->command->what));
    }
  CHECK(events.size() == event_names().size());
  CHECK(orders.size() == std::variant_size_v<order> - 1 + std::variant_size_v<steering::order>);
}

TEST_CASE("whatever was decided is decided again") {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    CHECK(redecided(life_of(seed)).empty());
  }
}

TEST_CASE("each command is decided once more") {
  redecider again{"plays@v2"};
  uint64_t sequence = 0;
  for (const auto& x : short_life())
    again.take(++sequence, encode(x));
  CHECK(again.finish().empty());
  CHECK(again.decisions() == 3);
}

TEST_CASE("an event that today's code would not cause is told, with what it would") {
  auto log = short_life();
  std::get<attempt_started>(log[1].event).attempt = 2;
  const auto found = redecided(log);
  REQUIRE(found.size() == 2); // and the success is then that of another attempt
  CHECK(found[0].migration == "plays@v2");
  CHECK(found[0].version == 2);
  CHECK(found[0].sequence == 101);
  CHECK(found[0].command == "start_attempt");
  CHECK(found[0].fault.empty());
  CHECK(std::get<attempt_started>(found[0].recorded.at(0)).attempt == 2);
  const auto today = std::get<std::vector<event>>(found[0].today);
  CHECK(std::get<attempt_started>(today.at(0)).attempt == 1);
}

TEST_CASE("a command that today's code refuses is told with the refusal") {
  auto log = short_life();
  std::get<start_attempt>(log[1].command->what).step = "nosuch";
  const auto found = redecided(log);
  REQUIRE(found.size() == 1);
  CHECK(std::get<rejection>(found[0].today) == rejection::unknown_step);
}

TEST_CASE("one event more or less than today's code causes is told") {
  auto log = short_life();
  log.pop_back();
  log.back().caused = 1;
  const auto found = redecided(log);
  REQUIRE(found.size() == 1);
  CHECK(found[0].recorded.size() == 1);
  CHECK(std::get<std::vector<event>>(found[0].today).size() == 2);
}

TEST_CASE("a change of who or when in one of several events is told") {
  auto log = short_life();
  SECTION("who") { log[3].actor = "bob"; }
  SECTION("why") { log[3].reason = "none"; }
  SECTION("when") { log[3].at += 1us; }
  CHECK(redecided(log).size() == 1);
}

TEST_CASE("records that cannot be decided again are faults") {
  auto log = short_life();
  std::string fault;
  SECTION("a command that claims more events than there are") {
    log.pop_back();
    fault = "the command says that it caused 2 events, but 1 of them are here";
  }
  SECTION("an event without a command") {
    log[1].command.reset();
    fault = "no command is recorded that caused this event";
  }
  SECTION("a gap") {
    log.erase(log.begin() + 1);
    fault = "event 3 follows event 1";
  }
  SECTION("an event of another migration") {
    log[1].migration = "films@v2";
    fault = "this event is of migration films@v2";
  }
  const auto found = redecided(log);
  REQUIRE(found.size() == 1);
  CHECK(found[0].fault == fault);
}

TEST_CASE("behind a record that cannot be read, nothing is decided") {
  std::vector<std::string> log;
  for (const auto& x : short_life())
    log.push_back(encode(x));
  log[1] = "\xff";
  const auto found = redecided(log, "plays@v2");
  REQUIRE(found.size() == 1);
  CHECK(found[0].version == 2);
  CHECK(found[0].fault.find("not a skein.v1.Record") != std::string::npos);
}
