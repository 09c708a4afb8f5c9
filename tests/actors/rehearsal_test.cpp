// What an order would do, said without doing it.
#include "actors/api/rehearsal.hpp"

#include "actors/api/orders.hpp"
#include "query_fixture.hpp"

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

struct rehearsal_fixture : query_fixture {
  query_response would(const std::string& id, migration::order what) {
    return rehearse(*log, id, {midnight, "ann", "to see", 0, std::move(what)});
  }
};

query_parameters dry(const std::string& value) { return {{"dry_run", value}}; }

tl::expected<bool, query_response> read(query_parameters query) {
  cluster::http_request request;
  request.query = std::move(query);
  return read_dry_run(request);
}

} // namespace

TEST_CASE_METHOD(rehearsal_fixture, "a rehearsal says what the order then does, and does nothing") {
  const auto id = story.request("movies");
  const auto before = log->last_sequence();
  const auto said = json::parse(would(id, migration::cancel{}).body);
  CHECK(log->last_sequence() == before);
  CHECK(said["dry_run"] == true);
  CHECK(said["phase"] == "running");
  CHECK(said["phase_after"] == "cancelled");
  REQUIRE(types_of(said["events"]) == std::vector<std::string>{"cancelled"});
  CHECK(said["events"][0]["actor"] == "ann");
  CHECK(said["events"][0]["reason"] == "to see");
  CHECK_FALSE(said["events"][0].contains("sequence"));

  story.give(id, migration::cancel{});
  const auto done = get("/v1/migrations/" + id + "/events")["events"].back();
  CHECK(done["type"] == said["events"][0]["type"]);
  CHECK(done["version"] == said["events"][0]["version"]);
  CHECK(get("/v1/migrations/" + id)["phase"] == said["phase_after"]);
}

TEST_CASE_METHOD(rehearsal_fixture, "a rehearsal is refused as the order is") {
  const auto id = story.complete("movies");
  const auto refused = would(id, migration::approve{});
  CHECK(refused.status == 409);
  const auto why = std::get<migration::rejection>(
      decide(story.state_of(id), {midnight, "ann", "to see", 0, migration::approve{}}));
  CHECK(json::parse(refused.body)["detail"] == "refused: " + std::string{to_string(why)});
}

TEST_CASE_METHOD(rehearsal_fixture,
                 "a rehearsal for another version is answered with the one it has") {
  const auto id = story.request("movies");
  const auto at = [&](uint64_t version) {
    return rehearse(*log, id, {midnight, "ann", "to see", 0, migration::cancel{}}, version);
  };
  CHECK(at(1).status == 200);
  const auto other = at(2);
  CHECK(other.status == 412);
  CHECK(other.headers == cluster::http_headers{{"ETag", "\"1\""}});
  CHECK_THAT(json::parse(other.body)["detail"].get<std::string>(),
             Catch::Contains("has changed: its ETag is now \"1\""));
}

TEST_CASE_METHOD(rehearsal_fixture, "what steers the fleet is rehearsed as well, without a phase") {
  const std::string fleet{steering::stream};
  const auto said = json::parse(would(fleet, migration::steer{steering::halt{}}).body);
  CHECK(types_of(said["events"]) == std::vector<std::string>{"halted"});
  CHECK_FALSE(said.contains("phase"));
  story.give(fleet, migration::steer{steering::halt{}});
  CHECK(would(fleet, migration::steer{steering::halt{}}).status == 409);
}

TEST_CASE("orders take dry_run and no other parameter") {
  CHECK(read({}) == false);
  CHECK(read(dry("false")) == false);
  CHECK(read(dry("true")) == true);
  CHECK(read(dry("yes")).error().status == 400);
  CHECK(read({{"reason", "x"}}).error().status == 400);
}
