// A migration that cannot be brought to life is left alone, and the rest goes on.
#include "actors/coordinator_wiring.hpp"
#include "tests/actors/coordinator_fixture.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein;

namespace {

std::string last_event_of(const store::event_log& log, const std::string& id) {
  std::string name;
  (void)log.read_stream(id, 1, [&](uint64_t, const store::stored& stored) {
    const auto record = decode_record(stored.bytes);
    name = record ? std::string{name_of(record->event)} : "unreadable";
    return true;
  });
  return name;
}

} // namespace

TEST_CASE("a migration whose events cannot be read is quarantined with the reason") {
  tests::coordinator_fixture fix;
  const store::append damage{"movies@v2", 0, {"not a record"}};
  REQUIRE(fix.log->commit({&damage, 1}).at(0));
  CHECK_FALSE(fix.tell("movies@v2", migration::retry{}));
  fix.pass(std::chrono::seconds{1});
  CHECK(last_event_of(*fix.log, "movies@v2") == "quarantined");
  const auto refused = fix.tell("movies@v2", migration::retry{});
  REQUIRE_FALSE(refused);

  REQUIRE(fix.request("cars"));
  CHECK(fix.lease("w1").size() == 1);
}

TEST_CASE("a failing migration is written off once, however often it is asked for") {
  tests::coordinator_fixture fix;
  const store::append damage{"movies@v2", 0, {"not a record"}};
  REQUIRE(fix.log->commit({&damage, 1}).at(0));
  for (int i = 0; i < 20; ++i)
    (void)fix.tell("movies@v2", migration::retry{});
  fix.pass(std::chrono::seconds{1});
  CHECK(*fix.log->stream_version("movies@v2") == 2);
}

TEST_CASE("a rehearsal is refused as the order is once its migration is left alone") {
  tests::coordinator_fixture fix;
  const store::append damage{"movies@v2", 0, {"not a record"}};
  REQUIRE(fix.log->commit({&damage, 1}).at(0));
  REQUIRE(fix.request("cars"));
  const auto rehearsed = [&](const std::string& id) {
    return rehearse_order(*fix.ring, *fix.log, {id, fix.command(migration::cancel{})});
  };
  for (int i = 0; i < 5; ++i)
    (void)fix.tell("movies@v2", migration::cancel{});
  const auto refused = fix.tell("movies@v2", migration::cancel{});
  REQUIRE_FALSE(refused);
  const auto said = rehearsed("movies@v2");
  CHECK(said.status == 409);
  CHECK(nlohmann::json::parse(said.body)["detail"] == fix.sys.render(refused.error()));
  CHECK(rehearsed("cars@v2").status == 200);
}
