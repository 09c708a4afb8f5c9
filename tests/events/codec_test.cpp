#include "tests/events/describe.hpp"
#include "tests/events/random_life.hpp"
#include "tests/events/vocabulary.hpp"
#include "tests/events/wire.hpp"

#include "events/decode_event.hpp"
#include "events/record.hpp"
#include "events/record_place.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::tests;

namespace {

/// A record's bytes around the given Event and, when there is one, Command.
std::string record_around(const std::string& event, const std::string& command = "") {
  auto bytes = wire::bytes(1, "plays@v2") + wire::number(2, 7) + wire::bytes(6, event);
  return command.empty() ? bytes : bytes + wire::bytes(7, command) + wire::number(8, 1);
}

std::string why_not(const std::string& bytes) {
  const auto read = decode_record(bytes);
  return read ? "it was read: " + line_of(read->event) : read.error().what;
}

record only(event what) { return {"plays@v2", 1, midnight, "", "", std::move(what), {}, 0}; }

const auto completed_bytes = wire::bytes(13, "");

} // namespace

TEST_CASE("the records of one decision are numbered, and the first has its command") {
  const command cmd{midnight, "ann", "nightly run", 7, hold_of("only", 1, 1)};
  const auto records
      = make_records("plays@v2", 2, cmd, {succeeded("only", 1, 1), held{"only", "look"}});
  REQUIRE(records.size() == 2);
  CHECK(records[0].version == 3);
  CHECK(records[1].version == 4);
  CHECK(records[0].caused == 2);
  REQUIRE(records[0].command);
  CHECK(records[0].command->random == 7);
  CHECK_FALSE(records[1].command);
  for (const auto& x : records) {
    CHECK(x.migration == "plays@v2");
    CHECK(x.at == midnight);
    CHECK(x.actor == "ann");
    CHECK(x.reason == "nightly run");
  }
  CHECK(make_records("plays@v2", 2, cmd, {}).empty());
}

TEST_CASE("a command reads back with who gave it, when and why") {
  const command cmd{midnight, "ann", "nightly run", 7, confirm_told{"mail-1"}};
  const auto read
      = decode_record(encode(make_records("plays@v2", 0, cmd, {owner_told{"mail-1"}}).at(0)));
  REQUIRE(read);
  REQUIRE(read->command);
  CHECK(read->command->at == midnight);
  CHECK(read->command->actor == "ann");
  CHECK(read->command->reason == "nightly run");
  CHECK(read->command->random == 7);
  CHECK(std::get<confirm_told>(read->command->what).digest == "mail-1");
}

TEST_CASE("every field of a workflow reads back") {
  auto flow = diamond();
  flow.steps[1].timeout = 90s;
  for (std::size_t i = 0; i < error_class_count; ++i)
    flow.steps[2].retry.rules[i]
        = {static_cast<uint32_t>(10 + i), std::chrono::milliseconds{100 + i},
           std::chrono::milliseconds{1000 + i}};
  const auto read = decode_record(encode(only(asked(flow))));
  REQUIRE(read);
  CHECK(std::get<requested>(read->event).flow == flow);
  CHECK(std::get<requested>(read->event).subject == plays);
}

TEST_CASE("a kind of event that this version does not know is a failure, not a guess") {
  CHECK(why_not(record_around(wire::bytes(99, "new")))
        == "event 7 of plays@v2 is of a kind this version does not know; use the version that "
           "wrote it");
  CHECK(why_not(record_around("")) == why_not(record_around(wire::bytes(99, "new"))));
  CHECK(why_not("")
        == "event 0 of  is of a kind this version does not know; use the version that "
           "wrote it");
}

TEST_CASE("a kind of command that this version does not know is a failure") {
  const std::string unknown
      = "the command of event 7 of plays@v2 is of a kind this version does not know";
  CHECK(why_not(record_around(completed_bytes, wire::bytes(99, "new"))) == unknown);
  CHECK(why_not(record_around(completed_bytes, wire::number(1, 5))) == unknown);
  // A request is read from its event.
  CHECK(why_not(record_around(completed_bytes, wire::bytes(2, ""))) == unknown);
}

TEST_CASE("fields that a later version adds are passed over") {
  const auto read = decode_record(record_around(completed_bytes) + wire::bytes(500, "later"));
  REQUIRE(read);
  CHECK(std::holds_alternative<completed>(read->event));
  CHECK(read->version == 7);
}

TEST_CASE("bytes that are no Protobuf are a failure that says so") {
  CHECK(why_not("\xff\xff\xff")
        == "these bytes are not a skein.v1.Record: the log is damaged or not Skein's");
}

TEST_CASE("an error class of a later version counts as permanent") {
  const auto failure = wire::bytes(1, "only") + wire::number(4, 17) + wire::bytes(5, "new trouble");
  const auto read = decode_record(record_around(wire::bytes(4, failure)));
  REQUIRE(read);
  CHECK(std::get<attempt_failed>(read->event).kind == error_class::permanent);
}

TEST_CASE("a retry rule for an error class of a later version changes no other rule") {
  const auto rule = wire::number(1, 17) + wire::number(2, 100);
  const auto flow = wire::bytes(2, wire::bytes(1, "only") + wire::bytes(5, rule));
  const auto read = decode_record(record_around(wire::bytes(1, wire::bytes(2, flow))));
  REQUIRE(read);
  CHECK(std::get<requested>(read->event).flow.steps.at(0).retry == retry_policy{});
}

// Protobuf writes such text and then refuses to read it: the log would be lost.
TEST_CASE("text that is not UTF-8 is written so that it can be read") {
  const std::string bad = "disk \xff\xfe full";
  const std::string good = "disk ?? full";
  auto out = succeeded("only", 1, 1);
  out.output = bad;
  out.labels = {{"owner", bad}};
  for (const event& what : std::initializer_list<event>{
           out, attempt_failed{"only", 1, 1, error_class::transient, bad}, held{"only", bad},
           parked{"only", bad}, quarantined{bad}, owner_told{bad}}) {
    CAPTURE(line_of(what));
    REQUIRE(decode_record(encode(only(what))));
  }
  const command cmd{midnight, bad, bad, 0,
                    finish_attempt{"only", 1, 1, success{bad, {{"a", bad}}, bad}}};
  const auto read
      = decode_record(encode(make_records("plays@v2", 0, cmd, {parked{"only", bad}})[0]));
  REQUIRE(read);
  CHECK(read->actor == good);
  CHECK(read->reason == good);
  CHECK(std::get<parked>(read->event).why == good);
  const auto& told = std::get<finish_attempt>(read->command->what);
  CHECK(std::get<success>(told.outcome).hold == good);
  CHECK(decode_record(encode(
      make_records("plays@v2", 0, {midnight, "", "", 0, quarantine{bad}}, {quarantined{bad}})[0])));
}

TEST_CASE("a snapshot whose steps do not match its workflow is a failure") {
  const auto now = replay({asked(chain()), started("first", 1, 1)});
  auto fewer = now;
  fewer.steps.pop_back();
  const auto read = decode_state(encode(fewer));
  REQUIRE_FALSE(read);
  CHECK(read.error().what
        == "this snapshot of plays has 1 step states for 2 steps; it is thrown away");
}

TEST_CASE("a snapshot with a phase or status that this version does not know is a failure") {
  auto now = replay({asked(single())});
  SECTION("phase") { now.phase = static_cast<phase>(8); }
  SECTION("status") { now.steps[0].status = static_cast<step_status>(8); }
  const auto read = decode_state(encode(now));
  REQUIRE_FALSE(read);
  CHECK(read.error().what
        == "this snapshot of plays is in a phase or has a step in a status that this version does "
           "not know; it is thrown away");
}

TEST_CASE("equal labels give equal bytes, in whatever order they came") {
  labels forward, backward;
  for (int i = 0; i < 50; ++i)
    forward["k" + std::to_string(i)] = "v";
  for (int i = 49; i >= 0; --i)
    backward["k" + std::to_string(i)] = "v";
  auto a = succeeded("only", 1, 1), b = a;
  a.labels = forward;
  b.labels = backward;
  CHECK(encode(only(a)) == encode(only(b)));
}

TEST_CASE("reading only the event of a record finds what reading all of it does") {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    random_life life{seed};
    for (int turn = 0; turn < 60; ++turn)
      life.next();
    for (const auto& whole : life.log()) {
      const auto bytes = encode(whole);
      const auto read = decode_event(bytes);
      REQUIRE(read);
      CHECK(read->migration == whole.migration);
      CHECK(read->version == whole.version);
      CHECK(read->at == whole.at);
      CHECK(read->actor == whole.actor);
      CHECK(read->reason == whole.reason);
      CHECK(line_of(read->event) == line_of(decode_record(bytes)->event));
      const auto rest = decode_without_command(bytes).value();
      CHECK(std::tie(rest.migration, rest.version, rest.at, rest.actor, rest.reason)
            == std::tie(whole.migration, whole.version, whole.at, whole.actor, whole.reason));
      CHECK(line_of(rest.event) == line_of(read->event));
      CHECK_FALSE(rest.command);
    }
  }
}

TEST_CASE("reading only the event fails where reading all of the record does") {
  CHECK_FALSE(decode_event(record_around(wire::bytes(99, "new"))));
  CHECK_FALSE(decode_event(record_around("")));
  CHECK_FALSE(decode_event("not a record"));
  const auto whole = encode(only(completed{}));
  REQUIRE(decode_event(whole));
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_FALSE(decode_event(whole.substr(0, length)));
  CHECK(decode_event(whole + wire::bytes(99, "a later version's field")));
}

TEST_CASE("every reader passes over a later version's fields of any type") {
  const auto whole = record_around(completed_bytes);
  for (const auto& later :
       {wire::number(99, 5), wire::bytes(99, "x"), wire::varint(99 << 3 | 1) + "8 bytes.",
        wire::varint(99 << 3 | 5) + "4by."}) {
    CHECK(decode_record(whole + later));
    CHECK(decode_event(whole + later));
    CHECK(place_of(whole + later));
  }
}

TEST_CASE("every reader refuses a record with two events") {
  const auto two = record_around(completed_bytes) + record_around(wire::bytes(99, "new"));
  CHECK(why_not(two) == why_not("\xff\xff\xff"));
  CHECK_FALSE(decode_event(two));
  CHECK_FALSE(place_of(two));
}
