// The JSON that strangers send: the proto JSON mapping, as protobuf.dev/programming-guides/json
// defines it.
#include "tests/events/bus_samples.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::tests;
using bus::encoding;

namespace {

template <class Message>
expected<Message> read(std::string_view json) {
  return bus::decode<Message>(json, encoding::json);
}

} // namespace

TEST_CASE("a migrate request may name its fields in snake_case or camelCase") {
  const bus::migrate_request want{"plays", "v1", "v2", "nightly"};
  CHECK(read<bus::migrate_request>(R"({"dataset": "plays", "current_version": "v1",
                                       "target_version": "v2", "scan": "nightly"})")
        == want);
  CHECK(read<bus::migrate_request>(R"({"dataset": "plays", "currentVersion": "v1",
                                       "targetVersion": "v2", "scan": "nightly"})")
        == want);
}

TEST_CASE("fields that nobody knows are passed over, absent ones and null are empty") {
  CHECK(read<bus::migrate_request>(
            R"({"dataset": "plays", "priority": 9, "more": {"a": [1, {"b": null}]}})")
        == bus::migrate_request{"plays", "", "", ""});
  CHECK(read<bus::migrate_request>(R"({"dataset": "plays", "scan": null})")
        == bus::migrate_request{"plays", "", "", ""});
  CHECK(read<bus::migrate_request>("{}") == bus::migrate_request{});
}

TEST_CASE("JSON is written with camelCase names, as third parties read it") {
  CHECK(bus::encode(sample_request(), encoding::json)
        == R"({"dataset":"räume","currentVersion":"v1","targetVersion":"v2","scan":"nightly 🎵"})");
  CHECK(bus::encode(sample_lease_request(), encoding::json)
        == R"({"worker":"host-7/2","capacity":300,"waitMs":"25000"})");
}

TEST_CASE("64-bit numbers may be numbers or text") {
  const bus::lease_request want{"w", 3, 500ms};
  CHECK(read<bus::lease_request>(R"({"worker": "w", "capacity": 3, "wait_ms": 500})") == want);
  CHECK(read<bus::lease_request>(R"({"worker": "w", "capacity": "3", "waitMs": "500"})") == want);
}

TEST_CASE("a report in JSON may be written by hand") {
  const auto got = read<bus::report>(R"({"worker": "nurse", "items": [
      {"migration": "plays@v2", "result": {"step": "a", "attempt": 1, "epoch": 3,
          "success": {"output": "{\"rows\": 7}", "labels": {"owner": "ann"}}}},
      {"migration": "plays@v2", "result": {"step": "b", "attempt": 1, "epoch": "4",
          "setback": {"error_class": "LOST", "why": "gone"}}},
      {"migration": "plays@v2", "result": {"step": "c", "setback": {"errorClass": 3}}}]})");
  REQUIRE(got);
  REQUIRE(got->items.size() == 3);
  CHECK(std::get<success>(got->items[0].result.outcome).output == R"({"rows": 7})");
  CHECK(std::get<success>(got->items[0].result.outcome).labels == labels{{"owner", "ann"}});
  CHECK(got->items[1].result.epoch == 4);
  CHECK(std::get<setback>(got->items[1].result.outcome).kind == error_class::lost);
  CHECK(std::get<setback>(got->items[2].result.outcome).kind == error_class::timeout);
}

TEST_CASE("a success without anything in it is a success") {
  const auto got = read<bus::report>(R"({"items": [{"result": {"step": "a", "success": {}}}]})");
  REQUIRE(got);
  CHECK(std::holds_alternative<success>(got->items.at(0).result.outcome));
}

TEST_CASE("a report that does not say how it went is a permanent setback that says so") {
  const auto got = read<bus::report>(R"({"items": [{"result": {"step": "a", "sucess": {}}}]})");
  REQUIRE(got);
  const auto& how = std::get<setback>(got->items.at(0).result.outcome);
  CHECK(how.kind == error_class::permanent);
  CHECK(how.why == "the report says neither success nor setback");
}

TEST_CASE("an error class that nobody knows counts as permanent") {
  for (const auto* name : {"\"GREMLINS\"", "77", "0"}) {
    const auto got = read<bus::report>(R"({"items": [{"result": {"step": "a", "setback":
        {"why": "x", "errorClass": )" + std::string{name}
                                       + "}}}]}");
    CAPTURE(name);
    REQUIRE(got);
    CHECK(std::get<setback>(got->items.at(0).result.outcome).kind == error_class::permanent);
  }
}

TEST_CASE("bad JSON is refused with the message's name and what is wrong") {
  for (const auto* bad :
       {"", " ", "{", "[]", "7", "\"plays\"", "{\"dataset\": ", "{\"dataset\": \"plays\"} more",
        "{\"dataset\": [\"plays\"]}", "{\"dataset\": {\"name\": \"plays\"}}", "{dataset: }",
        "{\"dataset\": \"\xff\"}", "\x0a\x05plays"}) {
    CAPTURE(bad);
    const auto got = read<bus::migrate_request>(bad);
    REQUIRE_FALSE(got);
    CHECK(got.error().what.rfind("the payload is not JSON for skein.v1.MigrateRequest: ", 0) == 0);
    CHECK(got.error().what.size() > 52);
  }
}

TEST_CASE("JSON whose numbers do not fit is refused") {
  for (const auto* bad : {R"({"capacity": -1})", R"({"capacity": 4294967296})",
                          R"({"capacity": "many"})", R"({"waitMs": 1.5})"})
    CHECK_FALSE(read<bus::lease_request>(bad));
}

TEST_CASE("the failure names the message that was expected") {
  const auto what = [](const auto& got) { return got ? "" : got.error().what; };
  CHECK(what(read<bus::lease_request>("x")).find("skein.v1.LeaseRequest") != std::string::npos);
  CHECK(what(read<bus::lease_reply>("x")).find("skein.v1.LeaseReply") != std::string::npos);
  CHECK(what(read<bus::report>("x")).find("skein.v1.Report:") != std::string::npos);
  CHECK(what(read<bus::report_reply>("x")).find("skein.v1.ReportReply") != std::string::npos);
  CHECK(what(read<bus::heartbeat>("x")).find("skein.v1.Heartbeat:") != std::string::npos);
  CHECK(what(read<bus::heartbeat_reply>("x")).find("skein.v1.HeartbeatReply") != std::string::npos);
  CHECK(what(read<bus::notice>("x")).find("skein.v1.Notice") != std::string::npos);
  CHECK(what(read<bus::agent_line>("x")).find("skein.v1.AgentLine") != std::string::npos);
}
