#include "query_fixture.hpp"

using namespace skein;
using namespace skein::actors;
using nlohmann::json;

using fixture = test::query_fixture;
using test::ids;
using test::types_of;

TEST_CASE_METHOD(fixture, "status counts by phase and says how far the view is") {
  CHECK(get("/v1/status")["migrations"] == 0);
  story.complete("movies");
  story.complete("cars");
  CHECK(get("/v1/status")["open"] == false);
  story.request("jobs");
  CHECK(get("/v1/status")["open"] == true);
  const auto now = get("/v1/status");
  CHECK(now["migrations"] == 3);
  CHECK(now["phases"]["completed"] == 2);
  CHECK(now["phases"]["running"] == 1);
  CHECK(now["phases"]["held"] == 0);
  CHECK(now["last_sequence"] == log->last_sequence());
  CHECK(now["lag"] == 0);
  CHECK(now["log"] == log->log_id());
  story.request("late");
  CHECK(json::parse(api.get("/v1/status", {}).body)["lag"] == 1);
}

TEST_CASE_METHOD(fixture, "a list filters by phase, owner, dataset and scan") {
  const auto movies = story.complete("movies");
  const auto cars = story.request("cars", "v2", "scan-2");
  const auto jobs = story.request("jobs");
  story.succeed(jobs, "discover", "{}", {{"owner", "group:default/work"}});
  CHECK(listed({}) == ids{cars, jobs, movies});
  CHECK(listed({{"phase", "running"}}) == ids{cars, jobs});
  CHECK(listed({{"owner", "group:default/work"}}) == ids{jobs});
  CHECK(listed({{"dataset", "*o*"}}) == ids{jobs, movies});
  CHECK(listed({{"scan", "scan-2"}}) == ids{cars});
  CHECK(listed({{"phase", "running"}, {"dataset", "c?rs"}}) == ids{cars});
  CHECK(listed({{"phase", "parked"}}).empty());
}

TEST_CASE_METHOD(fixture, "a line says where a migration is") {
  const auto id = story.request("movies");
  story.succeed(id, "discover", "{}", {{"owner", "group:default/film"}});
  story.start(id, "validate-dependencies");
  const auto row = get("/v1/migrations")["migrations"][0];
  CHECK(row
        == json{{"id", "movies@v2"},
                {"dataset", "movies"},
                {"current_version", "v1"},
                {"target_version", "v2"},
                {"phase", "running"},
                {"paused", false},
                {"priority", 0},
                {"step", "validate-dependencies"},
                {"step_status", "running"},
                {"attempts", 2},
                {"owner", "group:default/film"},
                {"scan", "scan-1"},
                {"requested_at", "2026-03-01T00:00:01.000000Z"},
                {"changed_at", "2026-03-01T00:00:04.000000Z"},
                {"why", nullptr},
                {"failure", nullptr}});
}

TEST_CASE_METHOD(fixture, "a list goes on page by page, and ends") {
  const ids all{"a@v2", "b@v2", "c@v2", "d@v2", "e@v2"};
  for (const auto* name : {"e", "b", "d", "a", "c"})
    story.request(name);
  ids seen;
  json next = "";
  for (int pages = 0; !next.is_null(); ++pages) {
    REQUIRE(pages < 3);
    const auto page = get("/v1/migrations", {{"limit", "2"}, {"after", next.get<std::string>()}});
    for (const auto& row : page["migrations"])
      seen.push_back(row["id"]);
    next = page["next"];
  }
  CHECK(seen == all);
}

TEST_CASE_METHOD(fixture, "a parameter that is wrong or unknown is refused") {
  using bad = std::pair<query_parameters, std::string>;
  const auto& [query, says]
      = GENERATE(bad{{{"pahse", "held"}}, "'pahse'"}, //
                 bad{{{"phase", "asleep"}}, "'asleep'"}, bad{{{"limit", "many"}}, "'many'"},
                 bad{{{"limit", "-1"}}, "'-1'"}, bad{{{"limit", "0"}}, "at least 1"},
                 bad{{{"limit", "1001"}}, "1000"});
  const auto [status, detail] = refused("/v1/migrations", query);
  CHECK(status == 400);
  CHECK_THAT(detail, Catch::Contains(says));
}

TEST_CASE_METHOD(fixture, "one migration is shown in full") {
  const auto id = story.request("movies");
  story.succeed(id, "discover", R"({"consumers":3})", {{"owner", "group:default/film"}});
  story.start(id, "validate-dependencies");
  story.finish(id, "validate-dependencies",
               migration::setback{error_class::transient, "the store is away"});
  const auto all = get("/v1/migrations/movies@v2");
  CHECK(all["workflow"] == "dataset-migration");
  CHECK(all["labels"]["owner"] == "group:default/film");
  CHECK(all["why"] == "the store is away");
  REQUIRE(all["steps"].size() == 4);
  const auto& done = all["steps"][0];
  CHECK(done["status"] == "succeeded");
  CHECK(done["output"]["consumers"] == 3);
  CHECK(done["worker"] == "host/local");
  CHECK(done["seconds"] == 1.0);
  const auto& again = all["steps"][1];
  CHECK(again["status"] == "retrying");
  CHECK(again["failures"] == json{{"transient", 1}});
  CHECK(again["last_failure"] == "the store is away");
  CHECK(again["due"].is_string());
  const auto& later = all["steps"][2];
  CHECK(later["status"] == "waiting");
  CHECK(later["depends_on"] == json{"validate-dependencies"});
  CHECK(later["started"].is_null());
  CHECK_FALSE(later.contains("seconds"));
}

TEST_CASE_METHOD(fixture, "what is not there is not found") {
  const auto* path = GENERATE("/v1/migrations/nothing@v2", "/v1/migrations/nothing@v2/events",
                              "/v1/migrations/nothing@v2/replay", "/v1/nothing", "/");
  CHECK(refused(path).first == 404);
}

TEST_CASE_METHOD(fixture, "an order is not read") {
  CHECK(refused("/v1/migrations/movies@v2/retry").first == 405);
}

TEST_CASE("a dataset's name may hold slashes") {
  CHECK(split_migration_path("a/b@v2").id == "a/b@v2");
  CHECK(split_migration_path("a/b@v2/events").id == "a/b@v2");
  CHECK(split_migration_path("a/b@v2/events").tail == "events");
  CHECK(split_migration_path("a/events@v2").tail.empty());
  CHECK(split_migration_path("a@v2/other").id == "a@v2/other");
}

TEST_CASE_METHOD(fixture, "a migration's events come as the status subject carries them") {
  const auto id = story.request("movies");
  story.request("cars");
  story.succeed(id, "discover");
  const auto got = get("/v1/migrations/movies@v2/events");
  CHECK(types_of(got["events"]) == ids{"requested", "attempt_started", "attempt_succeeded"});
  CHECK(got["events"][1]["sequence"] == "3");
  CHECK(got["events"][1]["version"] == "2");
  CHECK(got["events"][1]["event"]["attemptStarted"]["step"] == "discover");
  CHECK(got["next"].is_null());
  const auto middle = get("/v1/migrations/movies@v2/events", {{"after", "1"}, {"limit", "1"}});
  CHECK(types_of(middle["events"]) == ids{"attempt_started"});
  CHECK(middle["next"] == 2);
}

TEST_CASE_METHOD(fixture, "all events come in the log's order, filtered") {
  story.complete("movies");
  story.request("cars");
  const auto all = get("/v1/events", {{"limit", "1000"}});
  CHECK(all["events"].size() == log->last_sequence());
  CHECK(all["next"] == log->last_sequence());
  CHECK(types_of(get("/v1/events", {{"type", "requested"}})["events"]).size() == 2);
  CHECK(types_of(get("/v1/events", {{"dataset", "ca*"}})["events"]) == ids{"requested"});
  CHECK(get("/v1/events", {{"after", "10"}})["events"].size() == log->last_sequence() - 10);
  const auto beyond = get("/v1/events", {{"after", "18446744073709551615"}});
  CHECK(beyond["events"].empty());
}

TEST_CASE_METHOD(fixture, "a reader goes on where a page of events ended") {
  story.complete("movies");
  std::size_t seen = 0;
  uint64_t after = 0;
  for (;;) {
    const auto page = get("/v1/events", {{"after", std::to_string(after)}, {"limit", "4"}});
    if (page["events"].empty())
      break;
    seen += page["events"].size();
    after = page["next"];
  }
  CHECK(seen == log->last_sequence());
}

TEST_CASE_METHOD(fixture, "a record that cannot be read is listed, and does not end the list") {
  const auto id = story.request("movies");
  story.damage(id);
  story.request("cars");
  CHECK(types_of(get("/v1/events")["events"]) == ids{"requested", "unreadable", "requested"});
  CHECK(types_of(get("/v1/migrations/movies@v2/events")["events"])
        == ids{"requested", "unreadable"});
  const auto row = get("/v1/migrations/movies@v2");
  CHECK(row["phase"] == "unreadable");
  CHECK_THAT(row["why"].get<std::string>(), Catch::StartsWith("sequence 2: "));
}

TEST_CASE_METHOD(fixture, "a replay rebuilds what was, from the log alone") {
  const auto id = story.complete("movies"); // events at 1 s, then two a step
  SECTION("to the end, it is what the view has") {
    const auto now = get("/v1/migrations/movies@v2/replay");
    auto same = now;
    same.erase("replayed");
    CHECK(same == get("/v1/migrations/movies@v2"));
    CHECK(now["replayed"]["agrees_with_view"] == true);
    CHECK(now["replayed"]["events"] == 10);
  }
  SECTION("up to a sequence") {
    const auto then = get("/v1/migrations/movies@v2/replay", {{"at", "3"}});
    CHECK(then["steps"][0]["status"] == "succeeded");
    CHECK(then["steps"][1]["status"] == "ready");
    CHECK(then["phase"] == "running");
    CHECK(then["replayed"]["agrees_with_view"].is_null());
  }
  SECTION("up to a moment") {
    const auto* at = GENERATE("2026-03-01T00:00:02Z", "2026-03-01T01:00:02.9+01:00");
    const auto then = get("/v1/migrations/movies@v2/replay", {{"at", at}});
    CHECK(then["steps"][0]["status"] == "running");
    CHECK(then["replayed"]["up_to"] == "2026-03-01T00:00:02.000000Z");
  }
  SECTION("up to some time ago; the clock stands at one o'clock") {
    const auto then = get("/v1/migrations/movies@v2/replay", {{"at", "-3598s"}});
    CHECK(then["replayed"]["events"] == 2);
  }
  SECTION("up to a version") {
    CHECK(get("/v1/migrations/movies@v2/replay", {{"version", "1"}})["replayed"]["events"] == 1);
  }
  SECTION("before there was anything") {
    const auto [status, detail] = refused("/v1/migrations/movies@v2/replay", {{"at", "-2h"}});
    CHECK(status == 404);
    CHECK_THAT(detail, Catch::Contains("2026-03-01T00:00:01"));
  }
  SECTION("at no point in time") {
    CHECK(refused("/v1/migrations/movies@v2/replay", {{"at", "yesterday"}}).first == 400);
  }
}
