// The whole fleet as of any moment, and what differs between two.
#include "query_fixture.hpp"

#include "actors/api/replay.hpp"
#include "events/record_place.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

struct fleet : query_fixture {
  /// cars runs, jobs is held, movies is completed; one event a second.
  fleet() {
    story.complete("movies");                              // sequences 1 to 10, at 00:00:09
    story.request("cars", "v2", "scan-2");                 // 11, at 00:00:10
    story.succeed(story.request("jobs"), "discover", "{}", // 12 to 15, to 00:00:13
                  {{"owner", "group:default/work"}}, "look at it");
  }

  /// All rows, from as many pages as it takes.
  std::vector<json> rows(const std::string& path, query_parameters query) {
    std::vector<json> all;
    for (;;) {
      const auto page = get(path, query);
      for (const auto& row : page["migrations"])
        all.push_back(row);
      if (page["next"].is_null())
        return all;
      query["after"] = page["next"];
      query["until"] = page["until"].dump();
    }
  }

  ids ids_in(const std::string& path, const query_parameters& query) {
    ids result;
    for (const auto& row : rows(path, query))
      result.push_back(row["id"]);
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(fleet, "a replay of the fleet says what the view says") {
  const auto all = rows("/v1/replay", {});
  REQUIRE(all.size() == 3);
  const auto listed = get("/v1/migrations");
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const auto& [name, value] : listed["migrations"][i].items())
      CHECK(all[i][name] == value);
}

TEST_CASE_METHOD(fleet, "a replay of the fleet never asks the view") {
  const auto answer = api.get("/v1/replay", {}); // nothing was projected
  CHECK(json::parse(answer.body)["migrations"].size() == 3);
}

TEST_CASE_METHOD(fleet, "the fleet is replayed at an event, at a time, and how long ago") {
  CHECK(ids_in("/v1/replay", {{"at", "10"}}) == ids{"movies@v2"});
  CHECK(ids_in("/v1/replay", {{"at", "2026-03-01T00:00:10Z"}}) == ids{"cars@v2", "movies@v2"});
  CHECK(ids_in("/v1/replay", {{"at", "2026-03-01T00:00Z"}}).empty());
  CHECK(ids_in("/v1/replay", {{"at", "-3590s"}}) == ids{"cars@v2", "movies@v2"});
  CHECK(ids_in("/v1/replay", {{"at", "0"}}).empty());
  CHECK(rows("/v1/replay", {{"at", "9"}})[0]["phase"] == "running");
  CHECK(get("/v1/replay", {{"at", "-1h"}})["at"] == "2026-03-01T00:00:00.000000Z");
}

TEST_CASE_METHOD(fleet, "the fleet is filtered") {
  CHECK(ids_in("/v1/replay", {{"scan", "scan-2"}}) == ids{"cars@v2"});
  CHECK(ids_in("/v1/replay", {{"owner", "group:default/work"}}) == ids{"jobs@v2"});
  CHECK(ids_in("/v1/replay", {{"dataset", "*o*"}}) == ids{"jobs@v2", "movies@v2"});
  CHECK(ids_in("/v1/replay", {{"label", "owner=group:default/work"}}) == ids{"jobs@v2"});
  CHECK(ids_in("/v1/replay", {{"label", "owner=group:default/work,team=none"}}).empty());
  CHECK(api.get("/v1/replay", {{"label", "owner"}}).status == 400);
  // Nobody knew the owner then.
  CHECK(ids_in("/v1/replay", {{"owner", "group:default/work"}, {"at", "13"}}).empty());
}

TEST_CASE_METHOD(fleet, "pages make up the same fleet, whatever happens between them") {
  const auto whole = rows("/v1/replay", {});
  query_parameters query{{"limit", "1"}};
  std::vector<json> paged;
  for (;;) {
    const auto page = get("/v1/replay", query);
    for (const auto& row : page["migrations"])
      paged.push_back(row);
    if (page["next"].is_null())
      break;
    query["after"] = page["next"];
    query["until"] = page["until"].dump();
    story.request("new" + std::to_string(paged.size()));
    if (paged.size() == 1)
      story.give("jobs@v2", migration::approve{});
  }
  CHECK(paged == whole);
}

TEST_CASE_METHOD(fleet, "a state's digest changes with every event, and is the same elsewhere") {
  const auto before = rows("/v1/replay", {});
  CHECK(get("/v1/migrations/jobs@v2/replay")["replayed"]["digest"] == before[1]["digest"]);
  query_fixture elsewhere;
  REQUIRE(log->read(1, store::no_limit, [&](const store::stored& from) {
    const auto place = place_of(from.bytes).value();
    store::append next{place.migration, place.version - 1, {std::string{from.bytes}}};
    return elsewhere.log->commit({&next, 1})[0].has_value();
  }));
  CHECK(json::parse(elsewhere.api.get("/v1/replay", {}).body)["migrations"] == json(before));
  story.give("jobs@v2", migration::confirm_told{"digest"});
  CHECK(rows("/v1/replay", {})[1]["digest"] != before[1]["digest"]);
}

TEST_CASE_METHOD(fleet, "the digest is of id, version and encoded state, as is documented") {
  // SHA-256 of "a@v2", 00, 0000000000000000 and an empty State, by sha256sum(1) of coreutils.
  CHECK(state_digest("a@v2", {})
        == "8b780562d18f7391ee6752cf6260d81dba4810dcd86a310b142ffe584e1eef54");
}

TEST_CASE_METHOD(fleet, "a diff tells what appeared and what changed, step by step") {
  const auto found = rows("/v1/diff", {{"from", "9"}, {"to", "14"}});
  REQUIRE(found.size() == 3);
  CHECK(found[0]["id"] == "cars@v2");
  CHECK(found[0]["change"] == "appeared");
  CHECK(found[0]["from"].is_null());
  CHECK(found[0]["to"]["phase"] == "running");
  CHECK(found[1]["steps"][0]["to"]["status"] == "succeeded");
  CHECK(found[2]["change"] == "changed");
  CHECK(found[2]["events"] == 1);
  CHECK(found[2]["from"]["phase"] == "running");
  CHECK(found[2]["to"]["phase"] == "completed");
  CHECK(found[2]["steps"] == json::array());
}

TEST_CASE_METHOD(fleet, "a diff goes to now, and either way") {
  CHECK(ids_in("/v1/diff", {{"from", "11"}}) == ids{"jobs@v2"});
  CHECK(ids_in("/v1/diff", {{"from", "15"}}).empty());
  CHECK(ids_in("/v1/diff", {{"from", "2026-03-01T00:00:10Z"}}) == ids{"jobs@v2"});
  const auto back = rows("/v1/diff", {{"from", "15"}, {"to", "11"}});
  REQUIRE(back.size() == 1);
  CHECK(back[0]["change"] == "disappeared");
  CHECK(back[0]["events"] == -4);
}

TEST_CASE_METHOD(fleet, "a diff is filtered, and paged") {
  CHECK(ids_in("/v1/diff", {{"from", "0"}, {"scan", "scan-2"}}) == ids{"cars@v2"});
  CHECK(ids_in("/v1/diff", {{"from", "0"}, {"owner", "group:default/work"}}) == ids{"jobs@v2"});
  CHECK(ids_in("/v1/diff", {{"from", "0"}, {"dataset", "m*"}}) == ids{"movies@v2"});
  CHECK(ids_in("/v1/diff", {{"from", "0"}, {"limit", "1"}})
        == ids{"cars@v2", "jobs@v2", "movies@v2"});
}

TEST_CASE_METHOD(fleet, "what makes no sense is refused with a sentence") {
  CHECK(refused("/v1/diff").second.find("'from'") != std::string::npos);
  CHECK(refused("/v1/diff", {{"from", "yesterday"}}).second.find("'from': 'yesterday'")
        != std::string::npos);
  CHECK(refused("/v1/replay", {{"at", "soon"}}).first == 400);
  CHECK(refused("/v1/replay", {{"phase", "held"}}).first == 400);
}

TEST_CASE_METHOD(fleet, "a migration that cannot be read is told, and the others are replayed") {
  story.damage("cars@v2");
  const auto all = rows("/v1/replay", {});
  REQUIRE(all.size() == 3);
  CHECK(all[0]["phase"] == "unreadable");
  CHECK(all[2]["phase"] == "completed");
}
