#include "query_fixture.hpp"

#include <algorithm>

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

/// Six migrations: two completed, one held, one parked, two just asked for.
struct fleet : query_fixture {
  fleet() {
    story.complete("movies");
    story.request("cars");
    story.complete("books");
    const auto held = story.request("jobs", "v2", "scan-2");
    story.succeed(held, "discover", "{}", {{"owner", "group:default/work"}, {"storage", "lake"}},
                  "somebody has to look");
    const auto parked = story.request("a/b");
    story.start(parked, "discover");
    story.finish(parked, "discover",
                 migration::setback{error_class::permanent, "The Disk is FULL"});
    story.request("zoo");
  }
};

} // namespace

TEST_CASE_METHOD(fleet, "migrations are listed by what they are") {
  CHECK(listed({{"state", "held,parked"}}) == ids{"a/b@v2", "jobs@v2"});
  CHECK(listed({{"phase", "held"}}) == ids{"jobs@v2"});
  CHECK(listed({{"label", "storage=lake"}}) == ids{"jobs@v2"});
  CHECK(listed({{"label", "storage=lake,owner=group:default/film"}}).empty());
  CHECK(listed({{"owner", "group:default/film"}}) == ids{"books@v2", "movies@v2"});
  CHECK(listed({{"scan", "scan-2"}}) == ids{"jobs@v2"});
  CHECK(listed({{"dataset", "*o*"}, {"state", "completed"}}) == ids{"books@v2", "movies@v2"});
}

TEST_CASE_METHOD(fleet, "part of why a migration rests finds it, in any case of letters") {
  CHECK(listed({{"text", "disk is full"}}) == ids{"a/b@v2"});
  CHECK(listed({{"text", "SOMEBODY"}}) == ids{"jobs@v2"});
  CHECK(listed({{"text", "nobody"}}).empty());
}

TEST_CASE_METHOD(fleet, "ages count from when it was asked for, and from its last event") {
  // It is one o'clock, and a second passes with each order from midnight on.
  CHECK(listed({{"older_than", "3599s"}}) == ids{"movies@v2"});
  CHECK(listed({{"younger_than", "3590s"}}).size() == 5);
  CHECK(listed({{"younger_than", "3590s"}, {"older_than", "3590s"}}) == ids{"cars@v2"});
  CHECK(listed({{"idle_for", "3590s"}}) == ids{"cars@v2", "movies@v2"});
  CHECK(listed({{"older_than", "1h"}}).empty());
}

TEST_CASE_METHOD(fleet, "in any order, pages of any size put together are the list") {
  const auto* sort = GENERATE("", "id", "-id", "changed", "-changed", "requested", "-requested",
                              "attempts", "-attempts", "owner", "-owner");
  const auto whole = listed({{"sort", sort}});
  CHECK(whole.size() == 6);
  for (const auto* limit : {"1", "2", "3", "5", "6", "7"})
    CHECK(pages({{"sort", sort}}, limit) == whole);
  if (*sort == '\0')
    return;
  const auto other = *sort == '-' ? std::string{sort + 1} : std::string{"-"} + sort;
  auto reversed = listed({{"sort", other}});
  std::reverse(reversed.begin(), reversed.end());
  CHECK(reversed == whole);
}

TEST_CASE_METHOD(fleet, "the orders are what they are called") {
  CHECK(listed({{"sort", "requested"}})
        == ids{"movies@v2", "cars@v2", "books@v2", "jobs@v2", "a/b@v2", "zoo@v2"});
  CHECK(listed({{"sort", "-attempts"}, {"limit", "2"}}) == ids{"movies@v2", "books@v2"});
  CHECK(listed({{"sort", "-changed"}, {"limit", "2"}}) == ids{"zoo@v2", "a/b@v2"});
  CHECK(listed({{"sort", "-owner"}, {"limit", "1"}}) == ids{"jobs@v2"});
}

TEST_CASE_METHOD(fleet, "what changes between two pages keeps the others where they are") {
  const auto first = get("/v1/migrations", {{"sort", "-changed"}, {"limit", "3"}});
  ids all;
  for (const auto& row : first["migrations"])
    all.push_back(row["id"]);
  story.start("cars@v2", "discover"); // was last but one, is first now
  for (const auto& id : pages({{"sort", "-changed"}, {"after", first["next"]}}, "2"))
    all.push_back(id);
  CHECK(all == ids{"zoo@v2", "a/b@v2", "jobs@v2", "books@v2", "movies@v2"});
}

TEST_CASE_METHOD(fleet, "the list as of then has the filters of now") {
  const auto at_cars = get("/v1/migrations/cars@v2")["sequence"].get<uint64_t>();
  const query_parameters then{{"at", std::to_string(at_cars)}};
  CHECK(pages(then, "1") == ids{"cars@v2", "movies@v2"});
  auto running = then;
  running["state"] = "running";
  CHECK(pages(running, "5") == ids{"cars@v2"});
  const auto page = get("/v1/migrations", then);
  CHECK(page["until"] == log->last_sequence());
  CHECK(page["at"] == std::to_string(at_cars));
  CHECK(listed({{"at", "-59m"}}).size() == 6);
  CHECK(listed({{"at", "0"}}).empty());
}

TEST_CASE_METHOD(fleet, "a list that cannot be given is refused by a sentence") {
  const auto wrong = [&](const query_parameters& query, const char* word) {
    const auto [status, detail] = refused("/v1/migrations", query);
    CHECK(status == 400);
    CHECK_THAT(detail, Catch::Contains(word));
  };
  wrong({{"sort", "size"}}, "'sort'");
  wrong({{"sort", "-"}}, "'sort'");
  wrong({{"state", "held,lost"}}, "'lost'");
  wrong({{"state", "held,"}}, "''");
  wrong({{"label", "owner"}}, "'label'");
  wrong({{"label", "=x"}}, "'label'");
  wrong({{"older_than", "yesterday"}}, "'older_than'");
  wrong({{"limit", "0"}}, "'limit'");
  wrong({{"at", "5"}, {"sort", "changed"}}, "'at'");
  wrong({{"until", "5"}}, "'until'");
  for (const auto* after : {"nonsense", "changed", "changed.", "changed.zz.x", "changed.0.x",
                            "requested.00.x", "-changed.00.x"})
    wrong({{"sort", "changed"}, {"after", after}}, "'after'");
}

TEST_CASE_METHOD(fleet, "attempts are told from the log, with how each ended") {
  const auto all = get("/v1/migrations/a/b@v2/attempts")["attempts"];
  REQUIRE(all.size() == 1);
  CHECK(all[0]["id"] == "a/b@v2:1");
  CHECK(all[0]["state"] == "failed");
  CHECK(all[0]["error_class"] == "permanent");
  CHECK(all[0]["why"] == "The Disk is FULL");
  const auto movies = get("/v1/migrations/movies@v2/attempts")["attempts"];
  REQUIRE(movies.size() == 4);
  CHECK(movies[3]["step"] == "notify-consumers");
  CHECK(movies[3]["output"]["from"] == "notify-consumers");
  const auto page = get("/v1/migrations/movies@v2/attempts", {{"limit", "2"}});
  CHECK(page["next"] == 2);
  CHECK(get("/v1/migrations/movies@v2/attempts", {{"after", "2"}})["attempts"][0] == movies[2]);
  CHECK(get("/v1/migrations/movies@v2/attempts", {{"at", "2"}})["attempts"][0]["state"]
        == "running");
  CHECK(refused("/v1/migrations/nothing@v2/attempts").first == 404);
}

TEST_CASE_METHOD(fleet, "one migration as of then, with the version of then as its tag") {
  const auto then = get("/v1/migrations/movies@v2", {{"at", "2"}});
  CHECK(then["version"] == 2);
  CHECK(then["steps"][0]["status"] == "running");
  CHECK_FALSE(then.contains("replayed"));
  CHECK(refused("/v1/migrations/movies@v2", {{"at", "0"}}).first == 404);
  const auto answer = api.get("/v1/migrations/movies@v2", {});
  CHECK(cluster::http_request{.headers = answer.headers}.header("ETag")
        == "\"" + std::to_string(json::parse(answer.body)["version"].get<int>()) + "\"");
}
