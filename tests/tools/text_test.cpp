#include "tools/skein/event_line.hpp"
#include "tools/skein/migration_page.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/terminal.hpp"
#include "tools/skein/words.hpp"

#include <catch2/catch.hpp>
#include <clocale>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace skein;
using namespace skein::console;

namespace {

/// As in main().
const bool utf8 = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

} // namespace

TEST_CASE("durations have the precision a person cares for") {
  using example = std::pair<double, std::string>;
  const auto [seconds, text] = GENERATE(
      example{-1, "0 ms"}, example{0, "0 ms"}, example{0.004, "4 ms"}, example{0.096, "0.1 s"},
      example{1.25, "1.2 s"}, example{12.7, "12 s"}, example{60, "1 m 00 s"},
      example{185, "3 m 05 s"}, example{7800, "2 h 10 m"}, example{273600, "3 d 4 h"});
  CHECK(duration_text(seconds) == text);
}

TEST_CASE("sizes are in powers of 1024") {
  CHECK(bytes_text(0) == "0 B");
  CHECK(bytes_text(1023) == "1023 B");
  CHECK(bytes_text(1229) == "1.2 KiB");
  CHECK(bytes_text(35.0 * 1024 * 1024) == "35 MiB");
}

TEST_CASE("counts have separators, and the right noun") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(999) == "999");
  CHECK(count_text(1000) == "1,000");
  CHECK(count_text(3000000) == "3,000,000");
  CHECK(counted(1, "row", "rows") == "1 row");
  CHECK(counted(1200, "row", "rows") == "1,200 rows");
}

TEST_CASE("ages count back from now") {
  const migration::timestamp now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 3};
  CHECK(age_text("2026-03-02T23:59:59Z", now) == "just now");
  CHECK(age_text("2026-03-02T23:59:18Z", now) == "42 s ago");
  CHECK(age_text("2026-03-02T23:50:00Z", now) == "10 m ago");
  CHECK(age_text("2026-03-02T20:00:00Z", now) == "4 h ago");
  CHECK(age_text("2026-02-21T00:00:00Z", now) == "10 d ago");
  CHECK(age_text("2026-03-03T00:10:00Z", now) == "just now"); // a clock of another machine
  CHECK(age_text("no time", now) == "no time");
}

TEST_CASE("words are quoted for a shell where they need it") {
  CHECK(shell_word("movies@v2") == "movies@v2");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("it's") == R"('it'\''s')");
  CHECK(shell_word("$HOME") == "'$HOME'");
  CHECK(shell_word("").size() == 2);
}

TEST_CASE("width counts columns, not bytes") {
  REQUIRE(utf8);
  CHECK(display_width("år") == 2);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\u0301") == 1); // with a combining accent
  CHECK(display_width("\xff") == 1);
}

TEST_CASE("text is cut between characters, never within") {
  CHECK(shorten("movies", 6) == "movies");
  CHECK(shorten("movies", 5) == "movi…");
  CHECK(shorten("日本語", 4) == "日…");
  CHECK(shorten("日本語", 1) == "…");
  CHECK(shorten("movies", 0).empty());
}

TEST_CASE("text is wrapped at spaces, behind its indent") {
  CHECK(wrap("one two three four five six", 22, "  ") == "  one two three four\n  five six\n");
  CHECK(wrap("first\nsecond", 0, "- ") == "- first\n- second\n");
  CHECK(wrap("a\x1b[31mb", 0, "") == wrap("a[31mb", 0, ""));
  CHECK(wrap("", 10, "").empty());
}

TEST_CASE("colours are for terminals that want them") {
  CHECK(paint({80, false}, style::bad, "held") == "held");
  CHECK(paint({80, true}, style::bad, "held") == "\x1b[31mheld\x1b[0m");
  CHECK(paint({80, true}, style::plain, "held") == "held");
}

TEST_CASE("a table is as wide as it needs to be, and no line ends with a space") {
  table lines{{{"NAME"}, {"ROWS", table::align::right}, {"WHY"}}};
  lines.add({{"movies"}, {"3,201"}, {"held"}});
  lines.add({{"år"}, {""}, {""}});
  lines.add({{"cars"}, {"5"}});
  CHECK(lines_of(lines.str({}, 2))
        == std::vector<std::string>{"  NAME     ROWS  WHY", "  movies  3,201  held", "  år",
                                    "  cars        5"});
}

TEST_CASE("a table gives way where the terminal is narrow, its widest column first") {
  table lines{{{"NAME"}, {"WHY"}}};
  lines.add({{"movies@v2"}, {"film-api reads a column that goes away"}});
  for (const auto& line : lines_of(lines.str({30, true}, 2)))
    CHECK(display_width(line) <= 30 + std::string_view{"\x1b[2m\x1b[0m"}.size() * 2);
  CHECK(lines_of(lines.str({30, false}, 2))[1] == "  movies@v2  film-api reads a…");
}

TEST_CASE("a terminal too narrow for anything still gets every column") {
  table lines{{{"NAME"}, {"WHY"}}};
  lines.add({{"movies@v2"}, {"film-api reads"}});
  CHECK(lines_of(lines.str({4, false}))[1] == "movie…  film-…");
}

TEST_CASE("an event is one line that fits") {
  const auto event = nlohmann::json::parse(R"({
    "at":"2026-03-01T00:00:21.000000Z","migration":"cars@v2","type":"attempt_failed",
    "actor":"worker","reason":"",
    "event":{"attemptFailed":{"attempt":2,"step":"copy","errorClass":"OUT_OF_MEMORY",
                              "why":"it used\nmore than 2 GiB"}}})");
  const auto line = event_line({}, event);
  CHECK_THAT(line, Catch::StartsWith("2026-03-01 00:00:21  cars@v2"));
  CHECK_THAT(line, Catch::EndsWith("copy #2 (out of memory): it used more than 2 GiB"));
  CHECK(display_width(event_line({90, false}, event)) <= 90);
}

TEST_CASE("who was told where, and reminded, is said of an event") {
  const auto detail = [](const char* text) { return event_detail(nlohmann::json::parse(text)); };
  CHECK(detail(R"({"type":"owner_told","event":{"ownerTold":{"digest":"d-1","channel":"chat"}}})")
        == "on chat");
  CHECK(detail(R"({"type":"reminder_due","event":{"reminderDue":{"number":2,"escalates":true}}})")
        == "#2, escalated");
  CHECK(detail(R"({"type":"reminder_due","event":{"reminderDue":{"number":1,"escalates":7}}})")
        == "#1");
}

TEST_CASE("an output that is none of ours does not spoil the page") {
  const auto* output = GENERATE(
      "7", "[1]", R"({"consumers":7,"changes":{"a":1},"quality":"good","told":3})",
      R"({"consumers":[7,null,{"name":1}],"changes":[[]],"quality":[1,{"ok":"yes"}],"summary":[]})",
      R"({"rows":"many","bytes":[],"phases":[1,{"rows":{}}],"location":{}})");
  nlohmann::json steps{{{"name", "odd"}, {"output", nlohmann::json::parse(output)}}};
  CHECK_NOTHROW(outputs_page({80, true}, nlohmann::json::array({steps})));
  CHECK_NOTHROW(outputs_page({80, true}, steps));
}

TEST_CASE("an event of a kind from the future is shown as far as it is known") {
  const auto* text = GENERATE("{}", "[]", R"({"type":"merged"})",
                              R"({"type":"requested","event":{"requested":{"subject":7}}})",
                              R"({"type":"retried","event":{"retried":{"steps":[1,"a"]}}})");
  CHECK_NOTHROW(event_line({80, true}, nlohmann::json::parse(text)));
}

TEST_CASE("a table for programs has every column, exact and in full") {
  table rows{{{"NAME"}, {"STEP STATUS", table::align::left, table::shown::wide}, {"SINCE"}}};
  rows.add({{"a, \"b\"\nc"}, {"running"}, {"5 m ago", style::dim, "2026-03-01T00:00:00Z"}});
  rows.add({{std::string(200, 'x')}});
  CHECK(rows.csv()
        == "name,step_status,since\r\n\"a, \"\"b\"\" c\",running,2026-03-01T00:00:00Z\r\n"
               + std::string(200, 'x') + ",,\r\n");
  CHECK(rows.str({40, false}).find("STEP STATUS") == std::string::npos);
  CHECK_THAT(rows.wide({40, false}),
             Catch::Contains("STEP STATUS") && Catch::Contains(std::string(200, 'x')));
}
