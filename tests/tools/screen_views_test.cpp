// The full screen's views, and the ways between them.
#include "screen_fixture.hpp"

using namespace skein;
using namespace skein::console::screen;
using Catch::Contains;
using nlohmann::json;
using skein::tests::screen_fixture;
using namespace std::chrono_literals;

namespace {

json parked_detail() {
  return json::parse(R"({
    "migration": {"id":"set0000@v2","dataset":"set0000","current_version":"v1",
      "target_version":"v2","phase":"parked","paused":false,"why":"the disk is full",
      "workflow":"usual","requested_at":"2026-03-01T00:00:00Z","labels":{"owner":"film"},
      "steps":[{"name":"check","status":"succeeded","depends_on":[],"attempts":1,"seconds":2},
               {"name":"copy","status":"parked","depends_on":["check"],"attempts":3,
                "last_failure":"the disk is full"}]},
    "attempts": [{"step":"copy","attempt":3,"state":"failed","worker":"w7",
      "started":"2026-03-01T00:00:05Z","ended":"2026-03-01T00:00:06Z",
      "error_class":"transient","why":"the disk is full"}],
    "events": [{"type":"requested","at":"2026-03-01T00:00:00Z","migration":"set0000@v2"},
               {"type":"parked","at":"2026-03-01T00:00:06Z","migration":"set0000@v2",
                "actor":"skein","reason":"3 attempts failed"}]})");
}

} // namespace

TEST_CASE_METHOD(screen_fixture, "one migration: steps, what to do next, attempts, events") {
  list(3);
  press(key_code::enter);
  const auto want = request<load_migration>();
  CHECK(want.id == "set0000@v2");
  CHECK_THAT(shown(), Contains("set0000@v2 …"));
  answer(want, parked_detail());
  resize(m, 100, 50);
  CHECK_THAT(shown(), Contains("✔ check") && Contains("└─✖ copy")
                          && Contains("What to do next: mend what failed") && Contains("r  retry")
                          && Contains("transient: the disk is full")
                          && Contains("00:00:05–00:00:06")
                          && Contains("(skein: 3 attempts failed)"));

  SECTION("an order is for it") {
    type("r");
    CHECK_THAT(shown(), Contains("Retry set0000@v2 because:"));
  }
  SECTION("Esc goes back to the list") {
    press(key_code::escape);
    CHECK(m.at == view::migrations);
    CHECK_THAT(shown(), Contains("1 of 3"));
  }
  SECTION("a search goes to the next line that has it") {
    resize(m, 100, 12);
    enter("/ATTEMPTS, the");
    CHECK(m.scroll > 0);
    CHECK_THAT(shown(), Contains("Attempts, the newest first"));
    type("n");
    CHECK_THAT(shown(), Contains("no more of \"ATTEMPTS, the\""));
  }
  SECTION("an answer for another one is not shown") {
    auto other = parked_detail();
    other["migration"]["id"] = "other@v2";
    answer(load_migration{"other@v2"}, other);
    CHECK_THAT(shown(), !Contains("other@v2"));
  }
}

TEST_CASE_METHOD(screen_fixture, "what its agents say is under the steps, and all of it by a key") {
  list(1);
  press(key_code::enter);
  CHECK(request<load_migration>().lines == 5);
  auto detail = parked_detail();
  answer(request<load_migration>(), detail);
  resize(m, 100, 50);
  CHECK_THAT(shown(), !Contains("What its agents say"));
  detail["lines"] = json::parse(R"([
    {"at":"2026-03-01T00:00:05Z","step":"copy","attempt":3,"stream":"progress",
     "text":"3 of 10 files","progress":0.3},
    {"at":"2026-03-01T00:00:06Z","step":"copy","attempt":3,"stream":"stderr",
     "text":"no space \u001b[31mleft","progress":null}])");
  answer(load_migration{"set0000@v2", 5}, detail);
  const auto text = shown();
  const auto newest = text.find("00:00:06  copy #3"), older = text.find("00:00:05  copy #3");
  CHECK(newest < older);
  CHECK(older != text.npos);
  CHECK(text.find("└─✖ copy") < newest);
  CHECK_THAT(text, Contains("30 % 3 of 10 files") && Contains("l  more") && !Contains("\x1b"));
  type("l");
  CHECK(request<load_migration>().lines == 1000);
  CHECK_THAT(shown(), !Contains("l  more"));
  type("l");
  CHECK(request<load_migration>().lines == 5);
}

TEST_CASE_METHOD(screen_fixture, "the progress of one that runs is asked for without an event") {
  list(1);
  press(key_code::enter);
  auto running = parked_detail();
  running["migration"]["phase"] = "running";
  answer(request<load_migration>(), running);
  answer(load_status{}, json::object());
  pass(1s);
  CHECK(asked.empty());
  pass(1s);
  CHECK(request<load_migration>().id == "set0000@v2");
}

TEST_CASE_METHOD(screen_fixture, "failures are kinds, and lead to their migrations") {
  list(3);
  type("3");
  const auto want = request<load_failures>();
  answer(want, json::parse(R"({"migrations":5,"groups":2,"failures":[
    {"id":"71","phase":"parked","reason":"the disk … is full","count":4,"step":"copy",
     "example":"a@v2","last":"2026-03-01T00:00:00Z"},
    {"id":"b2","phase":"held","reason":"not ready","count":1,"step":"check","example":"b@v2",
     "last":"2026-03-01T00:00:00Z"}]})"));
  CHECK_THAT(shown(), Contains("2 kinds of 5") && Contains("the disk … is full"));
  press(key_code::enter);
  CHECK(request<load_rows>().query == console::parameters{{"sort", "id"}, {"failure", "71"}});
  CHECK(m.at == view::migrations);
  press(key_code::escape);
  CHECK(m.at == view::failures);
  press(key_code::down);
  press(key_code::enter);
  CHECK(m.list.filter == "failure:b2");
}

TEST_CASE_METHOD(screen_fixture, "the overview has phases, throughput, pools, limits and events") {
  list(1);
  type("1");
  answer(request<load_fleet>(), json::parse(R"({
    "pools":[{"pool":"big","waiting":12,"running":3,"workers":[{"name":"w7","leases":3}],
      "breakers":[{"agent":"mover","storage":"lake","status":"open","failures":9,"attempts":12,
                   "why":"the lake is away","half_open_at":"2026-03-01T00:00:42Z"},
                  {"agent":"mover","storage":"barn","status":"closed","failures":0,"attempts":3,
                   "why":null,"half_open_at":null}]}],
    "leases":[{"migration":"a@v2","step":"copy","number":2,"worker":"w7",
               "started":"2026-03-01T00:00:00Z","ends_at_latest":"2026-03-01T00:10:00Z"}],
    "more_leases":true,
    "limits":{"running":40,"per_owner":0,"per_storage":4,"per_agent":{"mover":2},"intake":0}})"));
  answer(load_status{},
         json::parse(R"({"migrations":4,"phases":{"running":1,"completed":3,"held":0}})"));
  hear({.live = true,
        .events = 20,
        .completed = 10,
        .newest = {R"({"type":"completed","migration":"done@v2","at":"2026-03-01T00:00:07Z"})",
                   "no JSON"}});
  pass(1s);
  CHECK_THAT(shown(), Contains("completed             3") && Contains(" 75 %") && Contains("2.0 /s")
                          && Contains("1.0 /s") && Contains("█") && Contains("w7 (3)")
                          && Contains("attempts at once 40") && Contains("mover 2")
                          && Contains("done@v2"));
  CHECK_THAT(shown(),
             Contains("open until 00:00:42, mover on lake: the lake is away") && !Contains("barn"));
  type("4");
  CHECK_THAT(shown(), Contains("a@v2") && Contains("00:10:00") && Contains("there are more"));
}

TEST_CASE_METHOD(screen_fixture, "commands by their names, or the beginning of them") {
  list(3);
  const auto [typed, at]
      = GENERATE(std::pair<const char*, view>{":overview", view::overview},
                 std::pair<const char*, view>{":fail", view::failures},
                 std::pair<const char*, view>{":pools", view::fleet},
                 std::pair<const char*, view>{":h", view::help},
                 std::pair<const char*, view>{":open a@v2", view::migration},
                 std::pair<const char*, view>{":state parked", view::migrations});
  enter(typed);
  CHECK(m.at == at);
}

TEST_CASE_METHOD(screen_fixture, "commands set parts of the filter") {
  list(3);
  enter(":owner group:default/film");
  enter(":state parked,held");
  CHECK(m.list.filter == "state:parked,held owner:group:default/film");
  enter(":owner");
  CHECK(m.list.filter == "state:parked,held");
  enter(":all");
  CHECK(m.list.filter.empty());
  enter(":nonsense");
  CHECK_THAT(shown(), Contains("there is no command nonsense"));
  CHECK_FALSE(m.ends);
  enter(":q");
  CHECK(m.ends);
}

TEST_CASE_METHOD(screen_fixture, "the help names every order") {
  type("?");
  resize(m, 80, 100);
  for (const auto& x : verbs())
    CHECK_THAT(shown(), Contains(std::string{":"} + x.order));
  press(key_code::escape);
  CHECK(m.at == view::migrations);
}

TEST_CASE_METHOD(screen_fixture, "what others wrote cannot steer the terminal") {
  list(1);
  auto evil = row(0, "parked");
  evil["why"] = "a\x1b[2Jb\nc";
  evil["id"] = "a\x1b]0;x\a@v2";
  answer(load_rows{m.list.generation, 0, 1, "", {}}, json{{"pages", {{{"rows", {evil}}}}}});
  const auto page = shown();
  CHECK(page.find('\x1b') == page.npos);
  CHECK(page.find('\a') == page.npos);
  auto detail = parked_detail();
  for (const auto* x : {"why", "id", "dataset", "workflow"})
    detail["migration"][x] = "a\x1b[2Jb\tc";
  detail["migration"]["steps"][0]["name"] = "\x1b[2J";
  detail["attempts"][0]["why"] = detail["attempts"][0]["worker"] = "\x1b[2J";
  detail["events"][1]["reason"] = detail["events"][1]["type"] = "\x1b[2J";
  enter(":open a@v2");
  answer(load_migration{"a@v2"}, detail);
  resize(m, 120, 60);
  const auto one = shown();
  CHECK(one.find('\x1b') == one.npos);
  CHECK_THAT(one, Contains("Events, the newest first"));
}
