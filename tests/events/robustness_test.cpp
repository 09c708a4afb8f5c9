// Bytes that a disk, a network or a stranger may hand us: read or refused, never a crash. Run it
// with sanitizers to see more.
#include "tests/events/random_life.hpp"
#include "tests/events/vocabulary.hpp"

#include "events/bus.hpp"
#include "events/record.hpp"
#include "events/status.hpp"

#include <catch2/catch.hpp>
#include <google/protobuf/stubs/logging.h>

using namespace skein;
using namespace skein::tests;

namespace {

// Protobuf would say on stderr, thousands of times, that some text is not UTF-8.
using google::protobuf::LogSilencer;

std::vector<record> valid_records() {
  std::vector<record> records;
  for (uint64_t seed = 1; records.size() < 40; ++seed) {
    random_life life{seed};
    for (int i = 0; i < 40; ++i)
      life.next();
    records.insert(records.end(), life.log().begin(), life.log().end());
  }
  return records;
}

std::string random_bytes(std::mt19937_64& dice) {
  std::string bytes(dice() % 80, '\0');
  for (auto& x : bytes)
    x = static_cast<char>(dice());
  return bytes;
}

/// Calls `use` with every beginning of `bytes`, and with every single bit of it turned.
template <class Use>
void damage(const std::string& bytes, Use use) {
  for (std::size_t size = 0; size < bytes.size(); ++size)
    use(bytes.substr(0, size));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    auto turned = bytes;
    turned[bit / 8] = static_cast<char>(turned[bit / 8] ^ (1 << bit % 8));
    use(turned);
  }
}

/// What was read must be as good as what we made ourselves: it is folded, shown and written.
bool survives_record(const std::string& bytes, const state& now) {
  const auto read = decode_record(bytes);
  if (!read)
    return !read.error().what.empty();
  const auto after = evolve(now, read->event, read->at);
  (void)owed(after);
  (void)status_json(1, *read);
  if (read->command)
    (void)decide(now, *read->command);
  return decode_record(encode(*read)).has_value();
}

bool survives_state(const std::string& bytes, const std::vector<event>& events) {
  auto read = decode_state(bytes);
  if (!read)
    return !read.error().what.empty();
  (void)owed(*read);
  for (const auto& what : events)
    *read = evolve(*std::move(read), what, midnight);
  return decode_state(encode(*read)).has_value();
}

const auto lifetime
    = joined({started("left", 1, 2), succeeded("left", 1, 2), held{"left", "look"},
              approved{"left"}, started("right", 1, 3), failed("right", 1, 3, error_class::lost),
              parked{"right", "boom"}, retried{{"right"}}, retry_scheduled{"right", midnight},
              quarantined{"bug"}, owner_told{"mail"}, paused{}, resumed{}},
             {operators_events("left"), {cancelled{}, completed{}, asked(diamond())}});

template <class Message>
bool survives_message(const std::string& bytes) {
  bool good = true;
  for (auto how : {bus::encoding::protobuf, bus::encoding::json}) {
    const auto read = bus::decode<Message>(bytes, how);
    good &= read ? bus::decode<Message>(bus::encode(*read, how), how).has_value()
                 : !read.error().what.empty();
  }
  return good;
}

bool survives_bus(const std::string& bytes) {
  return survives_message<bus::migrate_request>(bytes)
         && survives_message<bus::lease_request>(bytes) && survives_message<bus::lease_reply>(bytes)
         && survives_message<bus::report>(bytes) && survives_message<bus::report_reply>(bytes)
         && survives_message<bus::heartbeat>(bytes) && survives_message<bus::heartbeat_reply>(bytes)
         && survives_message<bus::notice>(bytes) && survives_message<bus::agent_line>(bytes);
}

} // namespace

TEST_CASE("damaged records are read or refused") {
  const LogSilencer quiet;
  const auto now = replay({asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1)});
  for (const auto& x : valid_records())
    damage(encode(x), [&](const auto& bytes) { REQUIRE(survives_record(bytes, now)); });
}

TEST_CASE("damaged snapshots are read or refused") {
  const LogSilencer quiet;
  const auto now = replay(
      {asked(diamond()), started("top", 1, 1), succeeded("top", 1, 1), started("left", 1, 2)});
  damage(encode(now), [](const auto& bytes) { REQUIRE(survives_state(bytes, lifetime)); });
}

TEST_CASE("random bytes are refused by everything, or read as something") {
  const LogSilencer quiet;
  std::mt19937_64 dice{11};
  for (int i = 0; i < 5000; ++i) {
    const auto bytes = random_bytes(dice);
    REQUIRE(survives_record(bytes, {}));
    REQUIRE(survives_state(bytes, lifetime));
    REQUIRE(survives_bus(bytes));
  }
}

TEST_CASE("damaged messages are read or refused, in both encodings") {
  const LogSilencer quiet;
  const bus::report report{"w1",
                           {{"plays@v2", success_of("left", 1, 2, {"{}", {{"owner", "ann"}}, ""})},
                            {"räume@v2", setback_of("left", 1, 2, error_class::lost)}}};
  for (auto how : {bus::encoding::protobuf, bus::encoding::json})
    damage(bus::encode(report, how), [](const auto& bytes) { REQUIRE(survives_bus(bytes)); });
}
