// The console where no daemon runs: everything comes from the log, and nothing is written.
#include "stopped_workspace.hpp"

#include <fstream>

using namespace skein;
using namespace skein::tests;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

} // namespace

TEST_CASE_METHOD(stopped_workspace, "without a daemon the log is read, and that is said once") {
  const auto end = skein({"status"});
  CHECK(end.code == 0);
  CHECK(end.err == "skein: skeind is not running; reading the log in " + state.string() + "\n");
  CHECK_THAT(end.out, Contains("4 migrations") && Contains("1  parked") && Contains("26 events"));
}

TEST_CASE_METHOD(stopped_workspace, "answers are the same however much of them the view has") {
  const auto expected = skein({"list", "--json"}).json();
  REQUIRE(expected["migrations"].size() == 4);
  const auto records = GENERATE(as<uint64_t>{}, 1, 12, 26);
  project(records);
  CHECK(skein({"list", "--json"}).json() == expected);
  CHECK(skein({"status", "--json"}).json()["phases"]["held"] == 1);
}

TEST_CASE_METHOD(stopped_workspace, "a broken view is no trouble") {
  fs::create_directory(state / "view");
  std::ofstream{state / "view" / "CURRENT"} << "nonsense";
  CHECK(skein({"list"}).code == 0);
}

TEST_CASE_METHOD(stopped_workspace, "reading leaves the log as it is") {
  const auto size = [&] {
    uintmax_t sum = 0;
    for (const auto& each : fs::recursive_directory_iterator{state})
      sum += each.is_regular_file() ? each.file_size() : 0;
    return sum;
  };
  const auto before = size();
  CHECK(skein({"show", "movies@v2"}).code == 0);
  CHECK(size() == before);
  CHECK_FALSE(fs::exists(state / "view"));
}

TEST_CASE_METHOD(stopped_workspace, "a list has one line a migration, and filters") {
  const auto all = skein({"list"});
  CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 5);
  CHECK_THAT(first_line(all.out), Catch::StartsWith("MIGRATION") && Contains("PHASE"));
  const auto held = skein({"list", GENERATE("--phase", "--state"), "held"});
  CHECK_THAT(held.out, Contains("movies@v2") && Contains(hold_reason) && !Contains("cars@v2"));
  CHECK_THAT(skein({"list", "--dataset", "*o*", "--limit", "2"}).out,
             Contains("jobs@v2") && Contains("movies@v2") && Contains("--after movies@v2"));
  const auto none = skein({"list", "--owner", "nobody"});
  CHECK(none.code == 0);
  CHECK(none.out == "no migration fits\n");
}

TEST_CASE_METHOD(stopped_workspace, "a held migration is shown with verdicts and what to do") {
  const auto end = skein({"show", "movies@v2"});
  CHECK(end.code == 0);
  CHECK_THAT(first_line(end.out), Catch::StartsWith("movies@v2  held"));
  CHECK_THAT(end.out, Contains(hold_reason));
  CHECK_THAT(end.out, Contains("Consumers: 1 breaks, 1 compatible"));
  CHECK_THAT(end.out, Contains("poster (via ranking)  compatible  group:default/art"));
  CHECK_THAT(end.out, Contains("US Gross  cast     us_gross  BIGINT to DECIMAL(18,2)"));
  CHECK_THAT(end.out,
             Contains("skein -w " + folder.path().string() + " approve movies@v2 --reason '...'"));
}

TEST_CASE_METHOD(stopped_workspace, "a completed one is shown with its data and quality") {
  const auto end = skein({"show", "stocks@v2"});
  CHECK_THAT(end.out, Contains("Data: 3,201 rows, 1.2 MiB in 1.2 s"));
  CHECK_THAT(end.out, Contains("movies/v2/movies.parquet"));
  CHECK_THAT(end.out, Contains("title must not be null  ok              0  equal to 0"));
  CHECK_THAT(end.out, Contains("web@example.org, art@example.org"));
  CHECK_THAT(end.out, !Contains("What to do next"));
}

TEST_CASE_METHOD(stopped_workspace, "a parked one says why, and how to go on") {
  const auto end = skein({"show", "cars@v2"});
  CHECK_THAT(end.out, Contains("row 1234, column \"Release Date\""));
  CHECK_THAT(end.out, Contains("retry cars@v2 --reason '...'"));
  CHECK_THAT(end.out, !Contains("approve cars@v2"));
}

TEST_CASE_METHOD(stopped_workspace, "failures are put together, with what to type next") {
  const auto end = skein({"failures", "--phase", "parked"});
  CHECK(end.code == 0);
  CHECK_THAT(end.out, Catch::StartsWith("parked  1 migration at execute-migration\n")
                          && Contains("row <n>, column <text>: cannot convert <text> to DATE\n")
                          && Contains("owners: group:default/sky 1")
                          && Contains("retry cars@v2 --reason '...'") && !Contains("movies@v2"));
  const auto all = skein({"failures", "--json"}).json();
  CHECK(all["migrations"] == 2);
  for (const auto& group : all["failures"]) {
    const auto same = skein({"list", "--json", "--failure", group["id"]}).json()["migrations"];
    REQUIRE(same.size() == 1);
    CHECK(same[0]["id"] == group["example"]);
  }
  CHECK(skein({"failures", "--owner", "nobody"}).out == "nothing that fits rests unfinished\n");
  CHECK(skein({"failures", "--phase", "asleep"}).code == 2);
}

TEST_CASE_METHOD(stopped_workspace, "events are lines, or JSON lines, and filter by type") {
  const auto cars = skein({"events", "cars@v2"});
  CHECK_THAT(cars.out, Contains("attempt_failed     execute-migration #1 (permanent): row 1234"));
  CHECK_THAT(skein({"events", "--type", "held"}).out,
             Catch::StartsWith("2026-03-01 00:00:14  movies@v2"));
  const auto lines = skein({"events", "--json", "--dataset", "st*"});
  CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 10);
  CHECK(nlohmann::json::parse(first_line(lines.out))["type"] == "requested");
}

TEST_CASE_METHOD(stopped_workspace, "a replay says what was then, and that the view agrees") {
  const auto now = skein({"replay", "stocks@v2"});
  CHECK(now.code == 0);
  CHECK_THAT(first_line(now.out), Contains("10 events") && Contains("the view says the same"));
  const auto then = skein({"replay", "stocks@v2", "--at", "2026-03-01T00:00:02Z", "--json"}).json();
  CHECK(then["phase"] == "running");
  CHECK(skein({"replay", "movies@v2", "--at", "1"}).code == 3);
  CHECK(skein({"replay", "movies@v2", "--at", "-2h"}).code == 0);
}

TEST_CASE_METHOD(stopped_workspace, "exit codes tell a script what happened") {
  CHECK(skein({"show", "nothing@v2"}).code == 3);
  CHECK(skein({"events", "nothing@v2"}).code == 3);
  CHECK(skein({"list", "--phase", "asleep"}).code == 2);
  CHECK(skein({"list", "--nonsense"}).code == 2);
  CHECK(skein({}).code == 2);
  CHECK(skein({"--help"}).code == 0);
  CHECK(skein({"retry", "cars@v2"}).code == 2); // no reason
  const auto* order
      = GENERATE("retry", "approve", "cancel", "pause", "resume", "hold", "reject", "rollback");
  const auto end = skein({order, "cars@v2", "--reason", "why not"});
  CHECK(end.code == 4);
  CHECK_THAT(end.err, Contains("skein run"));
  CHECK(skein({"scan"}).code == 4);
  CHECK(skein({"watch"}).code == 4);
  CHECK(skein({"events", "--follow"}).code == 4);
}

TEST_CASE_METHOD(stopped_workspace, "the workspace may be named by the environment") {
  const auto end = skein_says({"show", "cars@v2"}, {{"SKEIN_WORKSPACE", folder.path().string()}});
  CHECK(end.code == 0);
  CHECK_THAT(end.out, Contains("\n  skein retry cars@v2 "));
}

TEST_CASE("a workspace where nothing has run yet says so") {
  actors::test::temporary_folder folder;
  fs::create_directory(folder.path() / ".skein");
  const auto end = skein_says({"list", "-w", folder.path().string()});
  CHECK(end.code == 4);
  CHECK_THAT(end.err, Contains("never run"));
}

TEST_CASE("a folder that is no workspace says what is missing") {
  actors::test::temporary_folder folder;
  const auto end = skein_says({"status", "-w", folder.path().string()});
  CHECK(end.code == 1);
  CHECK_THAT(end.err, Contains("skein.yaml"));
}

TEST_CASE("a check names every mistake, and its exit code is for scripts") {
  actors::test::temporary_folder folder;
  const auto file = folder.path() / "workflow.yaml";
  std::ofstream{file}
      << "workflow:\n  name: w\n  steps:\n    - {name: a, agent: x, dependson: b}\n";
  const auto end = skein_says({"check", file.string()});
  CHECK(end.code == 1);
  CHECK_THAT(end.out, Contains("workflow.yaml:4:") && Contains("depends_on"));
  const auto json = skein_says({"check", "--json", file.string()}).json();
  CHECK(json["ok"] == false);
  CHECK(json["mistakes"].size() >= 1);
  std::ofstream{file} << "workflow:\n  name: w\n  steps:\n    - {name: a, agent: x}\n";
  CHECK(skein_says({"check", file.string()}).code == 0);
}

TEST_CASE("a check where no workspace is says so, and what it looked for") {
  actors::test::temporary_folder folder;
  std::ofstream{folder.path() / "agent.yaml"} << "name: a\ncommand: b\n";
  const auto here = skein_says({"check", "-w", folder.path().string()});
  CHECK(here.code == 1);
  CHECK_THAT(here.out, Contains((folder.path() / "skein.yaml").string())
                           && Contains("a workspace is a folder with a readable skein.yaml"));
  CHECK(skein_says({"check", folder.path().string()}).code == 0);
}

TEST_CASE("what an agent says cannot reach the terminal as an escape sequence") {
  stopped_workspace space;
  {
    auto log = store::open_log(space.state / "log").value();
    told_log story{*log};
    const auto id = story.request("trick");
    story.start(id, "discover");
    story.finish(id, "discover",
                 migration::setback{error_class::permanent, "\x1b[2Jgone\r\n\xff and more"});
  }
  for (const auto& end : {space.skein({"show", "trick@v2"}), space.skein({"list"}),
                          space.skein({"events", "trick@v2"})}) {
    CHECK(end.out.find('\x1b') == end.out.npos);
    CHECK(end.out.find('\r') == end.out.npos);
    CHECK_THAT(end.out, Contains("gone"));
  }
}
