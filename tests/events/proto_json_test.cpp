#include "events/proto_json.hpp"

#include "events/bus.pb.h"
#include "events/record.hpp"
#include "tests/events/bus_samples.hpp"
#include "tests/events/random_life.hpp"

#include <catch2/catch.hpp>
#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::tests;

namespace {

/// What the library writes, as a value: it may order maps and escape text in its own way.
nlohmann::json by_the_library(const google::protobuf::Message& from) {
  std::string text;
  REQUIRE(google::protobuf::util::MessageToJsonString(from, &text).ok());
  return nlohmann::json::parse(text);
}

template <class Message>
Message message_of(const std::string& bytes) {
  Message result;
  REQUIRE(result.ParseFromString(bytes));
  return result;
}

template <class Message>
void check_same(const std::string& bytes) {
  const auto message = message_of<Message>(bytes);
  const auto text = proto::json(message);
  INFO(text);
  CHECK(nlohmann::json::parse(text) == by_the_library(message));
  CHECK(text.find('\n') == std::string::npos);
}

} // namespace

TEST_CASE("every record in the log has the JSON that the Protobuf library writes") {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    random_life life{seed};
    for (int turn = 0; turn < 40; ++turn)
      life.next();
    for (const auto& each : life.log())
      check_same<v1::Record>(encode(each));
  }
}

TEST_CASE("every message of the bus has the JSON that the Protobuf library writes") {
  check_same<v1::MigrateRequest>(encode(sample_request()));
  check_same<v1::LeaseRequest>(encode(sample_lease_request()));
  check_same<v1::LeaseReply>(encode(bus::lease_reply{{sample_assignment(), {}}}));
  check_same<v1::Report>(encode(sample_report()));
  check_same<v1::ReportReply>(encode(sample_report_reply()));
  check_same<v1::Heartbeat>(encode(sample_heartbeat()));
  check_same<v1::HeartbeatReply>(encode(bus::heartbeat_reply{{0, 7, 300}}));
  check_same<v1::Notice>(encode(sample_notice()));
  check_same<v1::AgentLine>(encode(sample_line()));
}

TEST_CASE("bytes, control characters and what has no value are written as JSON has them") {
  v1::DeadLetter letter;
  CHECK(proto::json(letter) == "{}");
  letter.set_payload(std::string{"\0\xff\x10 any", 7});
  letter.set_why("\x01\x1f\b\f\t\r\n\"\\/<é>");
  CHECK(nlohmann::json::parse(proto::json(letter)) == by_the_library(letter));
}

TEST_CASE("maps are written in the order of their keys") {
  v1::Notice notice;
  for (const auto* key : {"storage", "owner", "b", "a"})
    (*notice.mutable_labels())[key] = "x";
  CHECK(proto::json(notice) == R"({"labels":{"a":"x","b":"x","owner":"x","storage":"x"}})");
}
