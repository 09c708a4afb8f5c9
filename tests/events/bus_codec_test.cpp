#include "tests/events/bus_samples.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::tests;
using bus::encoding;

namespace {

template <class Message>
Message there_and_back(const Message& from, encoding how) {
  auto read = bus::decode<Message>(bus::encode(from, how), how);
  INFO((read ? "" : read.error().what));
  REQUIRE(read);
  return *std::move(read);
}

} // namespace

TEST_CASE("messages arrive as they were sent") {
  const auto how = GENERATE(encoding::protobuf, encoding::json);
  CAPTURE(content_type(how));
  SECTION("migrate request") { CHECK(there_and_back(sample_request(), how) == sample_request()); }
  SECTION("lease request") {
    CHECK(there_and_back(sample_lease_request(), how) == sample_lease_request());
  }
  SECTION("lease reply") {
    const auto got = there_and_back(bus::lease_reply{{sample_assignment(), {}}}, how);
    REQUIRE(got.assignments.size() == 2);
    CHECK(got.assignments[0] == sample_assignment());
    CHECK(got.assignments[1].migration.empty());
  }
  SECTION("report reply") {
    const auto got = there_and_back(sample_report_reply(), how).verdicts;
    REQUIRE(got.size() == 3);
    CHECK(got[0].accepted);
    CHECK_FALSE(got[0].again);
    CHECK(got[1].again);
    CHECK(got[1].why == "busy");
    CHECK_FALSE(got[2].accepted);
    CHECK(got[2].why == awkward);
  }
  SECTION("heartbeat") {
    const auto got = there_and_back(sample_heartbeat(), how);
    CHECK(got.worker == "host-7");
    REQUIRE(got.leases.size() == 2);
    CHECK(got.leases[0].migration == "räume@v2");
    CHECK(got.leases[0].step == "execute");
    CHECK(got.leases[0].epoch == 9);
    CHECK(got.leases[0].progress == 0.25);
    CHECK(got.leases[0].message == awkward);
    CHECK(got.leases[1].progress == -1);
  }
  SECTION("heartbeat reply") {
    CHECK(there_and_back(bus::heartbeat_reply{{0, 7, 4'000'000'000}}, how).revoked
          == std::vector<uint32_t>{0, 7, 4'000'000'000});
  }
}

TEST_CASE("reports arrive as they were sent") {
  const auto how = GENERATE(encoding::protobuf, encoding::json);
  CAPTURE(content_type(how));
  const auto got = there_and_back(sample_report(), how);
  CHECK(got.worker == "host-7");
  REQUIRE(got.items.size() == 3);
  CHECK(got.items[0].migration == "räume@v2");
  CHECK(got.items[0].result.step == "execute");
  CHECK(got.items[0].result.attempt == 3);
  CHECK(got.items[0].result.epoch == 9);
  const auto& won = std::get<success>(got.items[0].result.outcome);
  CHECK(won.output == awkward);
  CHECK(won.labels == labels{{"a", "1"}, {"b", awkward}});
  CHECK(won.hold == "look");
  const auto& lost = std::get<setback>(got.items[1].result.outcome);
  CHECK(lost.kind == error_class::out_of_memory);
  CHECK(lost.why == "boom");
  CHECK(got.items[1].telling == bus::telling{});
  CHECK(got.items[2].telling == sample_telling());
}

TEST_CASE("notices and agents' lines arrive as they were sent") {
  const auto how = GENERATE(encoding::protobuf, encoding::json);
  CAPTURE(content_type(how));
  const auto want = sample_notice();
  const auto got = there_and_back(want, how);
  CHECK(got.migration == want.migration);
  CHECK(got.subject == want.subject);
  CHECK(got.kind == want.kind);
  CHECK(got.why == want.why);
  CHECK(got.digest == want.digest);
  CHECK(got.digest_size == want.digest_size);
  CHECK(got.inputs == want.inputs);
  CHECK(got.labels == want.labels);
  CHECK(got.step == want.step);
  CHECK(got.attempt == want.attempt);
  CHECK(got.epoch == want.epoch);
  CHECK(got.telling == want.telling);
  CHECK(got.since == want.since);
  CHECK(got.reminders == want.reminders);
  CHECK(got.is_escalated);
  CHECK(got.escalate_to == want.escalate_to);
  CHECK(got.is_copy);
  const auto line = there_and_back(sample_line(), how);
  CHECK(line.migration == "räume@v2");
  CHECK(line.step == "execute");
  CHECK(line.attempt == 3);
  CHECK(line.agent == "migration-agent");
  CHECK(line.worker == "host-7");
  CHECK(line.stream == "stderr");
  CHECK(line.text == awkward);
  CHECK(line.progress == 0.5);
}

TEST_CASE("empty messages arrive empty") {
  const auto how = GENERATE(encoding::protobuf, encoding::json);
  CAPTURE(content_type(how));
  CHECK(there_and_back(bus::migrate_request{}, how) == bus::migrate_request{});
  CHECK(there_and_back(bus::lease_request{}, how) == bus::lease_request{});
  CHECK(there_and_back(bus::lease_reply{}, how).assignments.empty());
  CHECK(there_and_back(bus::report{}, how).items.empty());
  CHECK(there_and_back(bus::report_reply{}, how).verdicts.empty());
  CHECK(there_and_back(bus::heartbeat{}, how).leases.empty());
  CHECK(there_and_back(bus::heartbeat_reply{}, how).revoked.empty());
  CHECK(there_and_back(bus::notice{}, how).inputs.empty());
  CHECK(there_and_back(bus::agent_line{}, how).text.empty());
}

TEST_CASE("a dead letter keeps the payload's bytes, whatever they are") {
  const bus::dead_letter letter{"honk.actions.migrate", "not JSON", std::string("\xff\0{", 3),
                                "application/json"};
  CHECK(bus::encode(letter, encoding::json)
        == R"({"subject":"honk.actions.migrate","why":"not JSON","payload":"/wB7",)"
           R"("contentType":"application/json"})");
  CHECK(bus::encode(letter).find(letter.payload) != std::string::npos);
}

TEST_CASE("an agent's words that are not UTF-8 still arrive") {
  const auto how = GENERATE(encoding::protobuf, encoding::json);
  CAPTURE(content_type(how));
  const std::string bad = "disk \xff\xfe full", good = "disk ?? full";
  const auto report = there_and_back(
      bus::report{"w1", {{"plays@v2", {"a", 1, 1, setback{error_class::permanent, bad}}}}}, how);
  CHECK(std::get<setback>(report.items.at(0).result.outcome).why == good);
  auto line = sample_line();
  line.text = bad;
  CHECK(there_and_back(line, how).text == good);
  auto beat = sample_heartbeat();
  beat.leases[0].message = bad;
  CHECK(there_and_back(beat, how).leases[0].message == good);
}

TEST_CASE("bytes that are not the message are refused with its name and a way out") {
  const auto read = bus::decode<bus::migrate_request>("{\"dataset\": \"plays\"}");
  REQUIRE_FALSE(read);
  CHECK(read.error().what
        == "the payload is not Protobuf skein.v1.MigrateRequest; for JSON set the header "
           "Content-Type to application/json");
}

TEST_CASE("the Content-Type says how a payload is encoded, and Protobuf needs none") {
  CHECK(bus::encoding_of("") == encoding::protobuf);
  CHECK(bus::encoding_of(" ; ") == encoding::protobuf);
  CHECK(bus::encoding_of("application/x-protobuf") == encoding::protobuf);
  CHECK(bus::encoding_of("application/protobuf") == encoding::protobuf);
  CHECK(bus::encoding_of("application/json") == encoding::json);
  CHECK(bus::encoding_of("application/json; charset=utf-8") == encoding::json);
  CHECK(bus::encoding_of(" application/json ;charset=utf-8") == encoding::json);
  // RFC 9110, section 8.3.1: types are case-insensitive.
  CHECK(bus::encoding_of("Application/JSON") == encoding::json);
  for (auto how : {encoding::protobuf, encoding::json})
    CHECK(bus::encoding_of(bus::content_type(how)) == how);
  const auto other = bus::encoding_of("text/plain; charset=utf-8");
  REQUIRE_FALSE(other);
  CHECK(other.error().what
        == "Content-Type 'text/plain' is not known; use application/json or "
           "application/x-protobuf");
}
