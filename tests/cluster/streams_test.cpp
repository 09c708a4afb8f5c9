#include "cluster/subjects.hpp"
#include "tests/cluster/streams_fixture.hpp"

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using namespace skein::tests;

TEST_CASE("a stream is created once and changed where it can be") {
  streams_fixture f;
  f.put("events.a", "1");
  stream_config config{.name = "EVENTS", .subjects = {"events.>"}};
  must(f.bus->ensure_stream(config));
  config.subjects.push_back("more.*");
  config.max_age = 1h;
  config.max_bytes = 1 << 20;
  config.discard = discard_policy::newest;
  must(f.bus->ensure_stream(config));
  CHECK(f.put("more.b", "2").sequence == 2);
  config.retention = retention_policy::work_queue;
  CHECK_THAT(f.bus->ensure_stream(config).error().what,
             Catch::Contains("cannot change the retention of the stream EVENTS"));
  CHECK_THAT(f.bus->ensure_stream({.name = "OTHER", .subjects = {"events.x"}}).error().what,
             Catch::Contains("create the stream OTHER") && Catch::Contains("overlap"));
}

TEST_CASE("every stream of Skein can be had, twice") {
  tests::nats_fixture f;
  for (int round = 0; round < 2; ++round)
    for (const auto& config : streams::all({subjects::actions, "my.topic", subjects::actions}))
      must(f.bus->ensure_stream(config));
  CHECK(must(f.bus->publish_durable("my.topic", "x", "", {}, 10s)).sequence == 1);
  CHECK(must(f.bus->publish_durable(subjects::dead_letter, "x", "", {}, 10s)).sequence == 1);
  CHECK(must(f.bus->publish_durable(subjects::audit_head, "x", "", {}, 10s)).sequence == 1);
}

TEST_CASE("what a stream holds") {
  streams_fixture f;
  CHECK(must(f.bus->last_message("EVENTS")) == std::nullopt);
  f.put("events.a", "1");
  must(f.bus->publish_durable("events.b", "2", "", {{"Content-Type", "text"}}, 10s));
  const auto info = must(f.bus->stream_info("EVENTS"));
  CHECK(info.messages == 2);
  CHECK(info.first_sequence == 1);
  CHECK(info.last_sequence == 2);
  CHECK(must(f.bus->last_message("EVENTS"))->data == "2");
  CHECK(must(f.bus->last_message("EVENTS"))->headers.at(0).second == "text");
  CHECK(must(f.bus->last_message("EVENTS", "events.a"))->data == "1");
  CHECK(must(f.bus->last_message("EVENTS", "events.c")) == std::nullopt);
  CHECK_THAT(f.bus->last_message("NONE").error().what, Catch::Contains("stream NONE"));
  CHECK_FALSE(f.bus->stream_info("NONE"));
}

TEST_CASE("a message id is stored once") {
  streams_fixture f;
  CHECK_FALSE(f.put("events.a", "1", "id-1").duplicate);
  const auto again = f.put("events.a", "1", "id-1");
  CHECK(again.duplicate);
  CHECK(again.sequence == 1);
  CHECK(must(f.bus->stream_info("EVENTS")).messages == 1);
}

TEST_CASE("a message that no stream takes is refused") {
  streams_fixture f;
  const auto lost = f.bus->publish_durable("nowhere", "x", "", {}, 10s);
  REQUIRE_FALSE(lost);
  CHECK_THAT(lost.error().what, Catch::Contains("no stream takes this subject"));
}

TEST_CASE("a batch is stored in order, and a repeat changes nothing") {
  streams_fixture f;
  const auto batch = numbered(3000);
  for (int round = 0; round < 2; ++round) {
    const auto result = f.bus->publish_durable_batch(batch, 60s);
    CHECK(result.why == "");
    CHECK(result.first_unacknowledged == batch.size());
  }
  CHECK(must(f.bus->stream_info("EVENTS")).messages == batch.size());
  followed seen;
  const auto follower = must(f.bus->follow({.stream = "EVENTS"}, seen.handler()));
  REQUIRE(eventually([&] { return seen.so_far().size() == batch.size(); }));
  const auto data = seen.so_far();
  for (std::size_t i = 0; i < batch.size(); ++i)
    REQUIRE(data[i] == batch[i].data);
}

TEST_CASE("a batch names the first message that was not stored, and why") {
  streams_fixture f;
  auto batch = numbered(10);
  batch[6].subject = "nowhere";
  auto result = f.bus->publish_durable_batch(batch, 30s);
  CHECK(result.first_unacknowledged == 6);
  CHECK_THAT(result.why, Catch::Contains("nowhere"));
  must(f.bus->ensure_stream({.name = "SMALL",
                             .subjects = {"small"},
                             .max_bytes = 3000,
                             .discard = discard_policy::newest}));
  for (auto& each : batch)
    each = {"small", std::string(1000, 'x'), each.message_id};
  result = f.bus->publish_durable_batch(batch, 30s);
  CHECK(result.first_unacknowledged == 2);
  CHECK_THAT(result.why, Catch::Contains("small") && Catch::Contains("maximum bytes exceeded"));
  CHECK(f.bus->publish_durable_batch({}, 1s).first_unacknowledged == 0);
}

TEST_CASE("a relay that resends from the first failure loses and doubles nothing") {
  streams_fixture f;
  const auto all = numbered(4000);
  std::size_t stored = 0;
  int kills = 0;
  eventually([&] {
    const auto rest
        = std::span{all}.subspan(stored, std::min<std::size_t>(400, all.size() - stored));
    if (stored > 1000U * (kills + 1) && kills < 2) {
      kill(f.server->pid(), SIGKILL);
      ++kills;
    }
    stored += f.bus->publish_durable_batch(rest, 2s).first_unacknowledged;
    return stored == all.size();
  });
  CHECK(stored == all.size());
  CHECK(kills == 2);
  f.wait_for_server();
  CHECK(must(f.bus->stream_info("EVENTS")).messages == all.size());
  followed seen;
  const auto follower = must(f.bus->follow({.stream = "EVENTS"}, seen.handler()));
  REQUIRE(eventually([&] { return seen.so_far().size() == all.size(); }));
  const auto data = seen.so_far();
  for (std::size_t i = 0; i < all.size(); ++i)
    REQUIRE(data[i] == all[i].data);
}
