// Events by what they are about, who caused them and when.
#include "query_fixture.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

using words = std::vector<std::string>;

struct told : query_fixture {
  /// movies: requested at 00:00:01, discover started and succeeded; cars: requested at 00:00:04,
  /// cancelled by ann at 00:00:05.
  told() {
    story.succeed(story.request("movies"), "discover", "{}", {{"owner", "group:default/film"}});
    story.give(story.request("cars"), migration::cancel{}, "ann@example.org", "sold");
  }

  words types(const query_parameters& query, const std::string& path = "/v1/events") {
    const auto page = get(path, query);
    return types_of(page["events"]);
  }
};

const words of_movies{"requested", "attempt_started", "attempt_succeeded"};

} // namespace

TEST_CASE_METHOD(told, "events are filtered by dataset, owner, type and actor") {
  CHECK(types({{"dataset", "mov*"}}) == of_movies);
  // Also those from before anybody knew the owner.
  CHECK(types({{"owner", "group:default/film"}}) == of_movies);
  CHECK(types({{"owner", "nobody"}}).empty());
  CHECK(types({{"type", "requested"}}) == words{"requested", "requested"});
  CHECK(types({{"actor", "ann@*"}}) == words{"cancelled"});
  CHECK(types({{"type", "requested"}, {"dataset", "cars"}}) == words{"requested"});
}

TEST_CASE_METHOD(told, "events are filtered by when they happened") {
  CHECK(types({{"since", "2026-03-01T00:00:04Z"}}) == words{"requested", "cancelled"});
  CHECK(types({{"since", "-3596s"}}) == words{"requested", "cancelled"});
  CHECK(types({{"until", "2026-03-01T00:00:01Z"}}) == words{"requested"});
  CHECK(types({{"since", "2"}, {"until", "3"}}) == words{"attempt_started", "attempt_succeeded"});
  CHECK(types({{"since", "2026-03-02T00:00Z"}}).empty());
  CHECK(types({{"at", "3"}}) == types({{"until", "3"}}));
  CHECK(refused("/v1/events", {{"at", "3"}, {"until", "3"}}).first == 400);
}

TEST_CASE_METHOD(told, "behind the last event that can fit, nothing is looked at") {
  const auto page = get("/v1/events", {{"until", "3"}});
  CHECK(page["next"] == 3);
  CHECK(get("/v1/events", {{"until", "3"}, {"after", "3"}})["next"] == 3);
}

TEST_CASE_METHOD(told, "a reader by owner never overtakes the view, which knows the owners") {
  const query_parameters query{{"owner", "group:default/film"}};
  CHECK(json::parse(api.get("/v1/events", query).body)["next"] == 0);
  project();
  CHECK(json::parse(api.get("/v1/events", query).body)["next"] == 5);
}

TEST_CASE_METHOD(told, "one migration's events take the same filters") {
  const auto* path = "/v1/migrations/movies@v2/events";
  CHECK(types({{"type", "attempt_started"}}, path) == words{"attempt_started"});
  CHECK(types({{"since", "2026-03-01T00:00:03Z"}}, path) == words{"attempt_succeeded"});
  CHECK(types({{"actor", "tester"}, {"until", "1"}}, path) == words{"requested"});
  const auto page = get(path, {{"type", "attempt_succeeded"}, {"limit", "1"}});
  CHECK(page["events"].size() == 1);
  CHECK(page["next"].is_null());
}

TEST_CASE_METHOD(told, "a type that no event has is refused, with those that there are") {
  for (const std::string path : {"/v1/events", "/v1/migrations/movies@v2/events"}) {
    const auto [status, why] = refused(path, {{"type", "atempt_failed"}});
    CHECK(status == 400);
    CHECK_THAT(why, Catch::Contains("'atempt_failed'") && Catch::Contains("attempt_failed, "));
  }
}

TEST_CASE_METHOD(told, "a time that is none is refused by its name") {
  CHECK_THAT(refused("/v1/events", {{"since", "noon"}}).second, Catch::Contains("'since'"));
  CHECK_THAT(refused("/v1/events", {{"until", "noon"}}).second, Catch::Contains("'until'"));
}
