// The full screen: keys and answers in, picture and requests out.
#include "screen_fixture.hpp"

using namespace skein;
using namespace skein::console::screen;
using Catch::Contains;
using console::exit_code;
using skein::tests::screen_fixture;
using namespace std::chrono_literals;

TEST_CASE_METHOD(screen_fixture, "the list is asked for when the connection is there") {
  CHECK(request<load_rows>().query.at("sort") == "id");
  list(3);
  CHECK_THAT(shown(), Contains("set0000@v2") && Contains("1 of 3") && Contains("3 migrations"));
  CHECK_THAT(shown(), !Contains("NOT CONNECTED"));
}

TEST_CASE_METHOD(screen_fixture, "every picture fits its screen") {
  list(500);
  answer(load_migration{"set0000@v2"}, nlohmann::json::object());
  const auto [columns, rows] = GENERATE(
      std::pair<std::size_t, std::size_t>{80, 24}, std::pair<std::size_t, std::size_t>{200, 60},
      std::pair<std::size_t, std::size_t>{20, 5}, std::pair<std::size_t, std::size_t>{1, 1});
  resize(m, columns, rows);
  const auto* keys = GENERATE("", "1", "3", "4", "?", "/set", ":state", "r", "l");
  type(keys);
  const auto picture = picture_of(m);
  CHECK(picture.lines.size() == m.rows);
  for (const auto& x : picture.lines)
    CHECK(width_of(x) <= m.columns);
}

TEST_CASE_METHOD(screen_fixture, "nothing is asked for while nothing happens") {
  list(3);
  pass(10s);
  CHECK(asked.empty());
  hear({.live = true, .events = 5});
  pass(10ms);
  CHECK(request<load_rows>().generation == m.list.generation);
}

TEST_CASE_METHOD(screen_fixture, "a flood of events is looked at once a second") {
  list(3);
  pass(1s);
  int loads = 0;
  for (int i = 0; i < 100; ++i) {
    hear({.live = true, .events = 500});
    pass(100ms);
    if (!asked.empty()) {
      ++loads;
      list(3);
    }
  }
  CHECK(loads >= 9);
  CHECK(loads <= 10);
}

TEST_CASE_METHOD(screen_fixture, "a slow link is asked more seldom, and never twice at once") {
  list(3);
  hear({.live = true, .events = 1});
  pass(1s);
  const auto first = request<load_rows>();
  hear({.live = true, .events = 1});
  pass(5s);
  CHECK(asked.empty()); // the first is still under way
  asked = take(m, {first, nlohmann::json{{"pages", nlohmann::json::array()}}, 3s});
  asked = take(m, {load_status{}, nlohmann::json::object(), 3s});
  pass(1s);
  CHECK(asked.empty());
  pass(10s);
  CHECK_FALSE(asked.empty());
}

TEST_CASE_METHOD(screen_fixture, "the list narrows down with every key") {
  list(3);
  type("/mo");
  CHECK(request<load_rows>().query.at("dataset") == "*[mM][oO]*");
  const auto late = request<load_rows>();
  type("v");
  const auto newest = request<load_rows>();
  CHECK(newest.query.at("dataset") == "*[mM][oO][vV]*");
  answer_rows(late, 2); // to what was typed before
  CHECK(rows_in(m.list) == 3);
  answer_rows(newest, 1);
  CHECK(rows_in(m.list) == 1);
  CHECK_THAT(shown(), Contains("/mov"));

  SECTION("Enter keeps the filter") {
    press(key_code::enter);
    CHECK(m.list.filter == "mov");
    CHECK_FALSE(m.asking);
  }
  SECTION("Esc goes back to the one before") {
    press(key_code::escape);
    CHECK(m.list.filter.empty());
    CHECK_FALSE(request<load_rows>().query.contains("dataset"));
  }
  SECTION("what was typed can be taken back") {
    press(key_code::backspace);
    CHECK(m.list.filter == "mo");
    press(key_code::erase_all);
    CHECK(m.list.filter.empty());
    press(key_code::backspace); // of an empty line: it is left
    CHECK_FALSE(m.asking);
  }
}

TEST_CASE_METHOD(screen_fixture, "a filter that the daemon refuses is said, and not sent again") {
  list(3);
  type("/state:odd");
  answer(request<load_rows>(), console::give_up(exit_code::usage, "state: odd is no phase"));
  CHECK_THAT(shown(), Contains("state: odd is no phase"));
  m.under_way.clear();
  pass(10s);
  CHECK(asked.empty());
}

TEST_CASE_METHOD(screen_fixture, "pages are loaded as they are scrolled to") {
  list(450);
  CHECK(rows_in(m.list) == page_rows);
  press(key_code::end);
  CHECK(m.list.chosen == page_rows - 1);
  const auto more = request<load_rows>();
  CHECK(more.count == 2);
  answer_rows(more, 450);
  CHECK(rows_in(m.list) == 400);
  press(key_code::end);
  answer_rows(request<load_rows>(), 450);
  CHECK(rows_in(m.list) == 450);
  CHECK(m.list.next.empty());
  press(key_code::end);
  CHECK_THAT(shown(), Contains("set0449@v2") && Contains("450 of 450"));

  SECTION("only what is on the screen is asked for again") {
    hear({.live = true, .events = 1});
    pass(2s);
    CHECK(request<load_rows>().first == 2);
    CHECK(request<load_rows>().count == 1);
  }
  SECTION("a list that has become shorter") {
    answer_rows({m.list.generation, 2, 1, "400", {}}, 410);
    CHECK(rows_in(m.list) == 410);
    CHECK(m.list.chosen == 409);
    answer(load_rows{m.list.generation, 0, 1, "", {}},
           nlohmann::json{{"pages", {{{"rows", nlohmann::json::array()}}}}});
    CHECK(rows_in(m.list) == 0);
    CHECK_THAT(shown(), Contains("no migration fits"));
  }
}

TEST_CASE_METHOD(screen_fixture, "a row stays chosen where others come before it") {
  list(10);
  type("jjj");
  CHECK(chosen_migration(m) == "set0003@v2");
  auto rows = nlohmann::json::array({row(900), row(901)});
  for (std::size_t i = 0; i < 10; ++i)
    rows.push_back(row(i));
  answer(load_rows{m.list.generation, 0, 1, "", {}}, nlohmann::json{{"pages", {{{"rows", rows}}}}});
  CHECK(chosen_migration(m) == "set0003@v2");
}

TEST_CASE_METHOD(screen_fixture, "the list is sorted by the daemon") {
  list(3);
  type("s");
  CHECK(request<load_rows>().query.at("sort") == "changed");
  type("S");
  CHECK(request<load_rows>().query.at("sort") == "-changed");
  enter(":sort attempts");
  CHECK(request<load_rows>().query.at("sort") == "attempts");
  enter(":sort colour");
  CHECK(asked.empty());
  CHECK_THAT(shown(), Contains("sort by id, changed"));
}

TEST_CASE_METHOD(screen_fixture, "an order needs a reason") {
  list(3);
  type("jr");
  CHECK_THAT(shown(), Contains("Retry set0001@v2 because:"));
  SECTION("none is refused") {
    enter("  ");
    CHECK(asked.empty());
    CHECK_THAT(shown(), Contains("an order needs a reason") && Contains("Retry set0001@v2"));
  }
  SECTION("Esc gives it up") {
    type("no");
    press(key_code::escape);
    CHECK(asked.empty());
    CHECK_THAT(shown(), Contains("nothing was done"));
  }
  SECTION("with one it is given, for what was chosen when it was begun") {
    type("the disk is ba");
    answer(load_rows{m.list.generation, 0, 1, "", {}},
           nlohmann::json{{"pages", {{{"rows", {row(7)}}}}}});
    enter("ck");
    const auto given = request<give_order>();
    CHECK(given.id == "set0001@v2");
    CHECK(std::string{given.what->order} == "retry");
    CHECK(given.reason == "the disk is back");
    answer(given, nlohmann::json{{"id", given.id}, {"phase", "running"}, {"version", 9}});
    CHECK_THAT(shown(), Contains("retry: set0001@v2 is running"));
    CHECK_FALSE(asked.empty()); // what is shown has changed
  }
  SECTION("what the daemon refuses is said") {
    enter("why not");
    answer(request<give_order>(), console::give_up(exit_code::refused, "it is completed"));
    CHECK_THAT(shown(), Contains("retry set0001@v2: it is completed"));
    pass(1ms);
    pass(11s);
    CHECK_THAT(shown(), !Contains("it is completed"));
  }
  SECTION("an order without answer may have been done") {
    enter("why not");
    answer(request<give_order>(), console::give_up(exit_code::no_daemon, "no answer"));
    CHECK_THAT(shown(), Contains("look whether it was done"));
  }
}

TEST_CASE_METHOD(screen_fixture, "every order has its key and its command") {
  list(3);
  for (const auto& x : verbs()) {
    if (x.key != 0) {
      type(std::string{x.key});
      REQUIRE(m.asking);
      CHECK(m.asking->order == &x);
      press(key_code::escape);
    }
    const char* more[]{"", " copy", " copy {\"x\": 1}", " 5"};
    enter(std::string{":"} + x.order + more[static_cast<int>(x.more)]);
    REQUIRE(m.asking);
    CHECK(m.asking->order == &x);
    press(key_code::escape);
  }
  enter(":cancel elsewhere@v3");
  enter("it is over");
  CHECK(request<give_order>().id == "elsewhere@v3");
}

TEST_CASE_METHOD(screen_fixture, "what an order takes besides is typed behind it") {
  list(3);
  const auto given = [&](const std::string& typed) {
    enter(typed);
    CHECK_THAT(shown(), Contains("because: "));
    enter("it must be");
    return request<give_order>();
  };
  const auto skipped = given(":skip copy");
  CHECK(skipped.id == "set0000@v2");
  CHECK(skipped.details == nlohmann::json{{"step", "copy"}});
  CHECK(path_of(*skipped.what, skipped.id) == "/v1/migrations/set0000@v2/skip");
  const auto again = given(":from far@v3 copy");
  CHECK(again.id == "far@v3");
  CHECK(path_of(*again.what, again.id) == "/v1/migrations/far@v3/retry");
  CHECK(given(":priority -7").details == nlohmann::json{{"priority", -7}});
  const auto more = given(":override copy {\"limit\": 5, \"why\": \"a b\"}");
  CHECK(more.details
        == nlohmann::json{{"step", "copy"}, {"input", {{"limit", 5}, {"why", "a b"}}}});
  CHECK(given(":override copy null").details
        == nlohmann::json{{"step", "copy"}, {"input", nullptr}});
}

TEST_CASE_METHOD(screen_fixture, "an order that is typed wrongly is not given, and how is said") {
  list(3);
  const auto [typed, said] = GENERATE(table<const char*, const char*>({
      {":skip", ":skip STEP"},
      {":skip far@v3", ":skip STEP"},
      {":skip copy too much", ":skip STEP"},
      {":priority high", ":priority -100"},
      {":priority 5 6", ":priority -100"},
      {":override copy", ":override STEP"},
      {":override copy {", "must be a JSON object"},
      {":retry copy", "it is typed :retry"},
  }));
  enter(typed);
  CHECK_FALSE(m.asking);
  CHECK_THAT(shown(), Contains(said));
  CHECK(asked.empty());
}

TEST_CASE_METHOD(screen_fixture, "an order for nothing is none") {
  list(0);
  type("r");
  CHECK_FALSE(m.asking);
  CHECK_THAT(shown(), Contains("choose it first"));
}

TEST_CASE_METHOD(screen_fixture, "a connection that is lost is said, and what was known stays") {
  list(3);
  hear({.live = false, .why = "connection refused", .again = m.now + 5s});
  pass(2s);
  CHECK_THAT(shown(), Contains("NOT CONNECTED") && Contains("not connected for 2.0 s")
                          && Contains("trying again in 3.0 s") && Contains("connection refused")
                          && Contains("set0002@v2"));
  hear({.live = false, .why = "connection refused", .again = m.now + 5s});
  pass(10s);
  CHECK_THAT(shown(), Contains("not connected for 12 s"));
  CHECK(asked.empty()); // there is nobody to ask
  hear({.live = true, .opened = true});
  CHECK(request<load_rows>().generation == m.list.generation);
  CHECK_THAT(shown(), !Contains("NOT CONNECTED"));
}

TEST_CASE_METHOD(screen_fixture, "a click chooses a row, a second one soon after opens it") {
  constexpr std::size_t above = 3;
  list(450);
  const auto click = [&](std::size_t row) {
    asked = console::screen::press(m, {key_code::click, {}, row});
  };
  click(above + 2);
  CHECK(m.list.chosen == 2);
  m.now += 1s;
  click(above + 2);
  CHECK(m.at == view::migrations); // too late for a double click
  m.now += 100ms;
  click(above + 3);
  CHECK(m.list.chosen == 3);
  for (const auto row : {above - 1, above + table_rows(m), m.rows})
    click(row);
  CHECK(m.list.chosen == 3); // there is no row of the list
  press(key_code::wheel_down);
  CHECK(m.list.chosen == 6);
  press(key_code::wheel_up);
  press(key_code::end);
  click(above);
  CHECK(m.list.chosen == m.list.top);
  click(above);
  CHECK(m.at == view::migration);
  CHECK(m.opened == row_at(m.list, m.list.top).id);
  click(above);
  CHECK(m.at == view::migration);
}

TEST_CASE_METHOD(screen_fixture,
                 "a click among kinds of failures finds the one that is shown there") {
  list(1);
  type("3");
  auto groups = nlohmann::json::array();
  for (int i = 0; i < 60; ++i)
    groups.push_back({{"id", "kind" + std::to_string(i)}, {"count", 1}, {"phase", "parked"}});
  answer(load_failures{}, nlohmann::json{{"failures", groups}, {"groups", 60}});
  press(key_code::end);
  asked = console::screen::press(m, {key_code::click, {}, 3});
  CHECK(m.chosen_failure == 60 - table_rows(m));
}
