// Looking back from the console: replay, diff, redecide, and the log as a file.
#include "stopped_workspace.hpp"

#include <fstream>
#include <sstream>

using namespace skein;
using namespace skein::tests;
using Catch::Contains;
using nlohmann::json;

namespace {

std::vector<json> lines_of(const program_end& end) {
  std::vector<json> lines;
  std::istringstream in{end.out};
  for (std::string line; std::getline(in, line);)
    lines.push_back(json::parse(line));
  return lines;
}

/// What a program that shares no code with us reads in an export.
json read_by_a_stranger(const fs::path& file) {
  std::string out;
  cluster::spawn_options options;
  options.argv = {"/usr/bin/python3", "-B", READ_EXPORT, file.string()};
  options.env = environment_with({});
  options.on_stdout_line = [&](std::string_view line) { out = line; };
  const auto child = cluster::child_process::spawn(std::move(options));
  REQUIRE(child);
  REQUIRE((*child)->wait().success());
  return json::parse(out);
}

struct exported_workspace : stopped_workspace {
  std::string file = (folder.path() / "all.skeinlog").string();
  std::string copy = (folder.path() / "copy/.skein").string();
};

} // namespace

TEST_CASE_METHOD(stopped_workspace, "the fleet is replayed as a table, with counts and a digest") {
  const auto end = skein({"replay"});
  CHECK(end.code == 0);
  CHECK_THAT(end.out, Catch::StartsWith("MIGRATION  PHASE"));
  CHECK_THAT(end.out, Contains("4 migrations, 26 events up to sequence 26"));
  CHECK_THAT(end.out, Contains("\n  1 held\n  1 parked\n  1 running\n"));
  CHECK_THAT(end.out, Contains("\nState digest "));
  const auto short_one = skein({"replay", "--limit", "1"});
  CHECK_THAT(short_one.out,
             Contains("cars@v2") && !Contains("jobs@v2") && Contains("4 migrations"));
}

TEST_CASE_METHOD(stopped_workspace, "the fleet is replayed as JSON, filtered and as of then") {
  const auto all = lines_of(skein({"replay", "--json"}));
  REQUIRE(all.size() == 5);
  CHECK(all[0]["id"] == "cars@v2");
  CHECK(all[4]["phases"]["parked"] == 1);
  const auto some = lines_of(skein({"replay", "--json", "--owner", "group:default/sky"}));
  REQUIRE(some.size() == 2);
  CHECK(some[0] == all[0]);
  CHECK(some[1]["digest"] != all[4]["digest"]);
  const auto then = lines_of(skein({"replay", "--json", "--at", "2026-03-01T00:00:02Z"}));
  REQUIRE(then.size() == 2);
  CHECK(then[1]["at"] == "2026-03-01T00:00:02.000000Z");
  CHECK(skein({"replay", "--version", "2"}).code == 2);
  CHECK(skein({"replay", "--at", "soon"}).code == 2);
}

TEST_CASE_METHOD(stopped_workspace, "a diff says which phases and steps changed") {
  const auto end = skein({"diff", "9", "15"});
  CHECK(end.code == 0);
  CHECK_THAT(end.out, Contains("movies@v2  -") && Contains("1 running -> completed"));
  const auto lines = lines_of(skein({"diff", "9", "--json", "--dataset", "stocks"}));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["to"]["phase"] == "completed");
  CHECK(lines[1]["changes"]["changed"] == 1);
  CHECK(skein({"diff", "-2h"}).out == "Nothing changed\n");
  CHECK(skein({"diff"}).code == 2);
  CHECK(skein({"diff", "soon"}).code == 2);
}

TEST_CASE_METHOD(stopped_workspace, "events take filters of all kinds, with and without an id") {
  CHECK_THAT(skein({"events", "--owner", "group:default/sky"}).out,
             Contains("cars@v2") && !Contains("movies@v2"));
  CHECK(skein({"events", "cars@v2", "--type", "parked", "--json"}).json()["type"] == "parked");
  CHECK(skein({"events", "--since", "2026-03-02T00:00Z"}).out.empty());
  CHECK_THAT(skein({"events", "--until", "1"}).out, Contains("requested"));
  const auto wrong = skein({"events", "--type", "atempt_failed"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("attempt_failed, "));
}

TEST_CASE_METHOD(stopped_workspace,
                 "what today's code would decide otherwise is told, and exits 1") {
  const auto good = skein({"audit", "redecide"});
  CHECK(good.code == 0);
  CHECK_THAT(good.out, Contains("23 commands of 4 migrations, 26 events"));
  CHECK(skein({"audit", "redecide", "nothing@v2"}).code == 3);
  forge();
  const auto bad = skein({"audit", "redecide"});
  CHECK(bad.code == 1);
  CHECK_THAT(bad.out, Contains("stocks@v2 event 11 (sequence 27): start_attempt"));
  CHECK_THAT(bad.out, Contains("recorded: [{\"cancelled\":{}}]"));
  CHECK_THAT(bad.out, Contains("today:    the migration's workflow has no such step"));
  const auto lines = lines_of(skein({"audit", "redecide", "stocks@v2", "--json"}));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0]["command"] == "start_attempt");
  CHECK(lines[1]["divergences"] == 1);
  CHECK(skein({"audit", "redecide", "movies@v2"}).code == 0);
}

TEST_CASE_METHOD(exported_workspace, "a stranger reads an export as it is documented") {
  const auto done = skein({"log", "export", file, "--json"});
  REQUIRE(done.code == 0);
  auto read = read_by_a_stranger(file);
  CHECK(read["streams"]
        == json{{"cars@v2", 8}, {"jobs@v2", 2}, {"movies@v2", 6}, {"stocks@v2", 10}});
  read.erase("streams");
  CHECK(done.json() == read);
  CHECK(skein_says({"log", "verify", file, "--json"}).json() == read);
}

TEST_CASE_METHOD(exported_workspace, "an imported log replays to the same digest") {
  REQUIRE(skein({"log", "export", file}).code == 0);
  CHECK(skein_says({"log", "import", file, "--into", copy, "--dry-run"}).code == 0);
  CHECK_FALSE(fs::exists(copy));
  REQUIRE(skein_says({"log", "import", file, "--into", copy}).code == 0);
  const auto there = skein_says({"-w", fs::path{copy}.parent_path().string(), "replay"});
  CHECK(there.out == skein({"replay"}).out);
  CHECK(skein_says({"log", "import", file, "--into", copy}).code == 1);
}

TEST_CASE_METHOD(exported_workspace, "an altered export is refused, and leaves nothing") {
  REQUIRE(skein({"log", "export", file}).code == 0);
  CHECK(skein({"log", "export", file}).code == 1); // it is there already
  std::fstream{file, std::ios::in | std::ios::out | std::ios::binary}.seekp(300) << "x";
  const auto verified = skein_says({"log", "verify", file});
  CHECK(verified.code == 1);
  CHECK_THAT(verified.err, Contains("altered"));
  CHECK(skein_says({"log", "import", file, "--into", copy}).code == 1);
  CHECK_FALSE(fs::exists(fs::path{copy} / "log"));
  CHECK_FALSE(fs::exists(fs::path{copy} / "log.importing"));
}
