// What the full screen is made of: each part alone.
#include "tools/skein/console/filter.hpp"
#include "tools/skein/console/loader.hpp"
#include "tools/skein/console/picture.hpp"
#include "tools/skein/console/rates.hpp"
#include "tools/skein/console/verbs.hpp"
#include "tools/skein/console/view.hpp"

#include "actors/api/query_parameters.hpp"
#include "cluster/http_server.hpp"

#include <catch2/catch.hpp>
#include <clocale>
#include <nlohmann/json.hpp>
#include <set>

using namespace skein;
using namespace skein::console;
using namespace skein::console::screen;
using nlohmann::json;

namespace {

/// As in main().
const bool utf8 = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;

steady second(int64_t number) { return steady{std::chrono::seconds{number}}; }

std::vector<std::string> texts_of(const std::vector<line>& lines) {
  std::vector<std::string> texts;
  for (const auto& x : lines)
    texts.push_back(plain_text(x));
  return texts;
}

} // namespace

TEST_CASE("a filter is parameters of the list") {
  CHECK(parameters_of_filter("").empty());
  CHECK(parameters_of_filter("state:held,parked owner:group:default/film")
        == parameters{{"state", "held,parked"}, {"owner", "group:default/film"}});
  CHECK(parameters_of_filter("phase:held older:2d why:the gate is  closed ")
        == parameters{{"state", "held"}, {"older_than", "2d"}, {"text", "the gate is  closed"}});
  CHECK(parameters_of_filter("state: owner:").empty()); // still being typed
  CHECK(parameters_of_filter("a:b")["dataset"] == "*[aA]:[bB]*");
}

TEST_CASE("part of a name is looked for in any case, unless it has capitals") {
  const auto fits = [](const std::string& filter, const std::string& name) {
    return actors::matches(parameters_of_filter(filter)["dataset"], name);
  };
  CHECK(fits("wea", "seattle-weather"));
  CHECK(fits("sp5", "SP500"));
  CHECK(fits("SP5", "SP500"));
  CHECK_FALSE(fits("Sp5", "SP500"));
  CHECK(fits("sea wea", "seattle-weather"));
  CHECK_FALSE(fits("wea sea", "seattle-weather"));
  CHECK(fits("s*r", "seattle-weather"));
  CHECK_FALSE(fits("e*r", "seattle-weather"));
  CHECK(fits("a[1", "data[1]"));
  CHECK(fits("a\\b", "data\\b"));
  CHECK(fits("ä", "Kräne"));
}

TEST_CASE("a field of a filter is set, changed, taken out") {
  CHECK(with_field("", "state", "held") == "state:held");
  CHECK(with_field("movie state:held why:a b", "state", "parked") == "state:parked movie why:a b");
  CHECK(with_field("movie state:held", "state", "") == "movie");
  CHECK(with_field("movie why:a b", "why", "c d") == "movie why:c d");
  CHECK(with_field("movie why:a b", "why", "") == "movie");
}

TEST_CASE("what comes is counted by whole seconds") {
  rates events;
  CHECK(events.average(second(10), 5) == 0);
  events.add(second(10), 3);
  events.add(second(10), 1);
  events.add(second(12), 8);
  CHECK(events.before(second(13), 4) == std::deque<uint64_t>{0, 4, 0, 8});
  CHECK(events.before(second(12), 2) == std::deque<uint64_t>{4, 0}); // the 12th is not over
  CHECK(events.average(second(13), 4) == 3);
  CHECK(events.before(second(100), 2) == std::deque<uint64_t>{0, 0});
  events.add(second(1'000'000), 1); // a machine that slept
  CHECK(events.before(second(1'000'001), 2) == std::deque<uint64_t>{0, 1});
}

TEST_CASE("a sparkline shows the highest as full, and nothing as nothing") {
  CHECK(sparkline({0, 1, 8, 4}) == " ▁█▄");
  CHECK(sparkline({0, 0}) == "  ");
  CHECK(sparkline({}).empty());
  CHECK(sparkline({UINT64_C(1) << 40, 1}) == "█▁");
}

TEST_CASE("a painted page is lines of styled text") {
  REQUIRE(utf8);
  const auto to = page_terminal(80);
  const auto lines
      = lines_of("a" + paint(to, style::bad, "b") + "c\n\n" + paint(to, style::dim, "d"));
  REQUIRE(texts_of(lines) == std::vector<std::string>{"abc", "", "d"});
  CHECK(lines[0][1].how == style::bad);
  CHECK(lines[0][2].how == style::plain);
  CHECK(lines[2][0].how == style::dim);
}

TEST_CASE("lines are cut and filled by columns, not bytes") {
  const line all{{"日本", style::bold}, {"år", style::plain}};
  CHECK(width_of(all) == 6);
  CHECK(plain_text(cut(all, 6)) == "日本år");
  CHECK(plain_text(cut(all, 5)) == "日本…");
  CHECK(plain_text(cut(all, 3)) == "日…");
  CHECK(plain_text(reversed(all, 8)) == "日本år  ");
  CHECK(column_text("år", 4) == "år  ");
  CHECK(column_text("år", 4, true) == "  år");
  CHECK(bar_text(0.5, 4) == "██░░");
  CHECK(bar_text(7, 2) == "██");
}

TEST_CASE("steps are a tree, each below the last it waits for") {
  const auto steps = json::parse(R"([
    {"name":"check","status":"succeeded","depends_on":[],"attempts":1,"seconds":1.5},
    {"name":"copy","status":"running","depends_on":["check"],"attempts":2},
    {"name":"verify","status":"waiting","depends_on":["copy","check"],"attempts":0},
    {"name":"tell","status":"waiting","depends_on":["check"],"attempts":0}])");
  const auto attempts = json::parse(R"([
    {"step":"copy","state":"failed","progress":{"progress":0.9,"message":"the old one"}},
    {"step":"copy","state":"running","progress":{"progress":0.25,"message":"1 of 4 files"}}])");
  const auto lines = texts_of(step_lines(steps, attempts, 80, {}));
  REQUIRE(lines.size() == 5);
  CHECK_THAT(lines[1], Catch::StartsWith(" ✔ check "));
  CHECK_THAT(lines[2],
             Catch::StartsWith(" ├─▶ copy ") && Catch::EndsWith("███░░░░░░░░░  25 % 1 of 4 files"));
  CHECK_THAT(lines[3], Catch::StartsWith(" │ └─○ verify ") && Catch::EndsWith("also after check"));
  CHECK_THAT(lines[4], Catch::StartsWith(" └─○ tell "));
}

TEST_CASE("steps that make no sense end all the same") {
  const auto* text = GENERATE(
      R"([{"name":"a","depends_on":["b"]},{"name":"b","depends_on":["a"]},{"name":"c"}])",
      R"([{"name":"a","depends_on":["gone",7]}])", R"([{"name":7},{}])", "[]");
  CHECK_NOTHROW(step_lines(json::parse(text), json::array(), 80, {}));
}

TEST_CASE("an order has one name and at most one key") {
  std::set<std::string> names;
  std::set<char> keys;
  for (const auto& x : verbs()) {
    CHECK(names.insert(x.order).second);
    CHECK((x.key == 0 || keys.insert(x.key).second));
    CHECK(verb_of_order(x.order) == &x);
  }
  CHECK(verb_of_key("r") == verb_of_order("retry"));
  CHECK(verb_of_key("") == nullptr);
  CHECK(verb_of_key("rr") == nullptr);
  CHECK(path_of(*verb_of_order("cancel"), "a@v2") == "/v1/migrations/a@v2/cancel");
  CHECK(path_of(*verb_of_order("scan"), "") == "/v1/scan");
}

TEST_CASE("a migration is shown without lines by a daemon that does not keep any") {
  const auto lines_status = GENERATE(404, 503);
  const auto answers = [=](const cluster::http_request& request, const auto& to) {
    const auto asked = request.path.substr(request.path.rfind('/') + 1);
    if (asked == "lines")
      return to({lines_status, "application/problem+json", R"({"detail": "it is not there"})"});
    to({200, "application/json",
        R"({"id": "a@v2", "version": 1, "epoch": 0, "events": [], "attempts": []})"});
  };
  const auto server = cluster::http_server::listen({}, answers).value();
  console::daemon old;
  old.http = "http://127.0.0.1:" + std::to_string(server->port());
  const auto shown = carry_out(load_migration{"a@v2", 5}, old, "ann", {}, [] { return false; });
  CHECK(shown.has_value() == (lines_status == 404));
  if (shown)
    CHECK((*shown)["lines"] == json::array());
}
