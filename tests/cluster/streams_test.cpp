#include "cluster/subjects.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <mutex>
#include <set>

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::eventually;
using skein::tests::must;

namespace {

struct streams_fixture : tests::nats_fixture {
  streams_fixture() {
    must(bus->ensure_stream({.name = "EVENTS", .subjects = {"events.>"}}));
    must(bus->ensure_stream(
        {.name = "WORK", .subjects = {"work.>"}, .retention = retention_policy::work_queue}));
  }

  publish_ack put(const std::string& subject, const std::string& data, const std::string& id = {}) {
    return must(bus->publish_durable(subject, data, id, {}, 10s));
  }

  std::unique_ptr<pull_consumer> worker(std::chrono::milliseconds ack_wait = 30s) {
    return must(bus->consume({.stream = "WORK", .durable = "workers", .ack_wait = ack_wait}));
  }
};

/// Fetches until there are `count`, across whatever happens to the server.
std::vector<delivery> fetch(pull_consumer& from, std::size_t count) {
  std::vector<delivery> out;
  eventually([&] {
    if (auto got = from.fetch(static_cast<int>(count - out.size()), 200ms))
      std::move(got->begin(), got->end(), std::back_inserter(out));
    return out.size() == count;
  });
  REQUIRE(out.size() == count);
  return out;
}

std::vector<durable_message> numbered(std::size_t count) {
  std::vector<durable_message> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({"events.n", std::to_string(i), "id-" + std::to_string(i)});
  return out;
}

/// What a follower has handed over.
struct followed {
  std::mutex mutex;
  std::vector<std::string> data;
  std::vector<std::uint64_t> sequences;

  auto handler() {
    return [this](message got, std::uint64_t sequence) {
      const std::lock_guard lock{mutex};
      data.push_back(std::move(got.data));
      sequences.push_back(sequence);
    };
  }
  std::vector<std::string> so_far() {
    const std::lock_guard lock{mutex};
    return data;
  }
};

} // namespace

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

TEST_CASE("work is delivered, and gone once acknowledged") {
  streams_fixture f;
  for (int i = 0; i < 10; ++i)
    f.put("work.a", std::to_string(i));
  const auto worker = f.worker();
  const auto got = fetch(*worker, 10);
  CHECK(got[3].message.data == "3");
  CHECK(got[3].message.subject == "work.a");
  CHECK(got[3].num_delivered == 1);
  CHECK(got[3].stream_sequence == 4);
  CHECK(must(f.bus->stream_info("WORK")).messages == 10);
  for (const auto& each : got)
    must(each.ack());
  CHECK(eventually([&] { return must(f.bus->stream_info("WORK")).messages == 0; }));
  CHECK(must(worker->fetch(10, 10ms)).empty());
}

TEST_CASE("work is delivered again after nak and after ack_wait, and never after term") {
  streams_fixture f;
  f.put("work.a", "x");
  auto worker = f.worker(300ms);
  auto got = fetch(*worker, 1);
  must(got[0].nak());
  got = fetch(*worker, 1);
  CHECK(got[0].num_delivered == 2);
  must(got[0].nak(100ms));
  got = fetch(*worker, 1);
  CHECK(got[0].num_delivered == 3);
  // Now silence, and the handle to the consumer goes: the server still remembers.
  worker = f.worker(300ms);
  got = fetch(*worker, 1);
  CHECK(got[0].num_delivered == 4);
  must(got[0].term());
  CHECK(eventually([&] { return must(f.bus->stream_info("WORK")).messages == 0; }));
}

TEST_CASE("in_progress holds off the next delivery") {
  streams_fixture f;
  f.put("work.a", "x");
  const auto worker = f.worker(1s);
  const auto got = fetch(*worker, 1);
  for (int i = 0; i < 15; ++i) {
    must(got[0].in_progress());
    CHECK(must(worker->fetch(1, 100ms)).empty());
  }
  must(got[0].ack());
}

TEST_CASE("a consumer is limited to its filter and to max_ack_pending") {
  streams_fixture f;
  f.put("work.a", "a1");
  f.put("work.b", "b1");
  f.put("work.a", "a2");
  const auto worker = must(f.bus->consume(
      {.stream = "WORK", .durable = "a", .filter_subject = "work.a", .max_ack_pending = 1}));
  auto got = fetch(*worker, 1);
  CHECK(got[0].message.data == "a1");
  CHECK(must(worker->fetch(1, 20ms)).empty());
  must(got[0].ack());
  got = fetch(*worker, 1);
  CHECK(got[0].message.data == "a2");
  must(got[0].ack());
  CHECK(must(worker->fetch(1, 20ms)).empty());
}

TEST_CASE("an existing consumer takes new settings") {
  streams_fixture f;
  f.put("work.a", "x");
  auto worker = must(f.bus->consume({.stream = "WORK", .durable = "w", .ack_wait = 1h}));
  worker = must(f.bus->consume({.stream = "WORK", .durable = "w", .ack_wait = 100ms}));
  CHECK(fetch(*worker, 1)[0].num_delivered == 1);
  CHECK(fetch(*worker, 1)[0].num_delivered == 2);
}

TEST_CASE("work survives a killed server, for the same consumer") {
  streams_fixture f;
  const auto worker = f.worker(500ms);
  for (int i = 0; i < 5; ++i)
    f.put("work.a", std::to_string(i));
  must(fetch(*worker, 1)[0].ack());
  REQUIRE(eventually([&] { return must(f.bus->stream_info("WORK")).messages == 4; }));
  f.kill_server();
  f.wait_for_server();
  std::set<std::string> seen;
  const auto idle = [&] {
    const auto got = must(worker->fetch(10, 600ms));
    for (const auto& each : got) {
      seen.insert(each.message.data);
      must(each.ack());
    }
    return got.empty();
  };
  REQUIRE(eventually(idle));
  seen.erase("0"); // its ack may have died with the server
  CHECK(seen == std::set<std::string>{"1", "2", "3", "4"});
}

TEST_CASE("a consumer whose server forgot it says so") {
  streams_fixture f;
  const auto worker = f.worker();
  const auto port = f.server->port();
  f.server.reset();
  std::filesystem::remove_all(f.folder.path() / "nats" / "jetstream");
  f.server = f.start_server(port);
  f.wait_for_server();
  expected<std::vector<delivery>> got;
  REQUIRE(eventually([&] { return !(got = worker->fetch(1, 10ms)); }));
  CHECK_THAT(got.error().what, Catch::Contains("no such consumer any more"));
}

TEST_CASE("stop ends a fetch under way") {
  streams_fixture f;
  const auto worker = f.worker();
  std::atomic<bool> failed{false};
  std::thread fetching{[&] { failed = !worker->fetch(1, 1h); }};
  worker->stop();
  fetching.join();
  CHECK(failed);
  CHECK_THAT(worker->fetch(1, 1s).error().what,
             Catch::Contains("consumer workers of the stream WORK"));
}

TEST_CASE("a consumer needs a stream") {
  streams_fixture f;
  CHECK_THAT(f.bus->consume({.stream = "NONE", .durable = "w"}).error().what,
             Catch::Contains("stream NONE"));
}

TEST_CASE("a follower reads from the start, from a number, and only what is new") {
  streams_fixture f;
  for (const auto* data : {"1", "2", "3"})
    f.put("events.a", data);
  followed all, some, fresh, filtered;
  const auto first = must(f.bus->follow({.stream = "EVENTS"}, all.handler()));
  const auto second = must(f.bus->follow({.stream = "EVENTS", .from = 3}, some.handler()));
  const auto third = must(
      f.bus->follow({.stream = "EVENTS", .from = follow_options::only_new}, fresh.handler()));
  const auto fourth
      = must(f.bus->follow({.stream = "EVENTS", .filter_subject = "events.b"}, filtered.handler()));
  f.put("events.b", "4");
  using list = std::vector<std::string>;
  CHECK(eventually([&] { return all.so_far() == list{"1", "2", "3", "4"}; }));
  CHECK(eventually([&] { return some.so_far() == list{"3", "4"}; }));
  CHECK(eventually([&] { return fresh.so_far() == list{"4"}; }));
  CHECK(eventually([&] { return filtered.so_far() == list{"4"}; }));
  CHECK(all.sequences == std::vector<std::uint64_t>{1, 2, 3, 4});
  CHECK_FALSE(f.bus->follow({.stream = "NONE"}, all.handler()));
}

TEST_CASE("a follower misses and repeats nothing when the server is killed") {
  streams_fixture f;
  followed seen;
  const auto follower = must(f.bus->follow({.stream = "EVENTS"}, seen.handler()));
  const auto all = numbered(300);
  for (std::size_t stored = 0; stored < all.size(); stored += 100) {
    REQUIRE(f.bus->publish_durable_batch(std::span{all}.subspan(stored, 100), 30s).why == "");
    f.kill_server();
    f.wait_for_server();
  }
  REQUIRE(eventually([&] { return seen.so_far().size() >= all.size(); }));
  const auto data = seen.so_far();
  for (std::size_t i = 0; i < all.size(); ++i)
    REQUIRE(data[i] == all[i].data);
  CHECK(data.size() == all.size());
}

TEST_CASE("a destroyed follower is silent, and may be destroyed by its handler") {
  streams_fixture f;
  std::unique_ptr<follower> own;
  std::atomic<int> calls{0};
  std::atomic<bool> ready{false};
  own = must(f.bus->follow({.stream = "EVENTS"}, [&](message, std::uint64_t) {
    eventually([&] { return ready.load(); });
    own.reset();
    ++calls;
  }));
  ready = true;
  f.put("events.a", "1");
  f.put("events.a", "2");
  CHECK(eventually([&] { return calls == 1; }));
  followed seen;
  must(f.bus->follow({.stream = "EVENTS"}, seen.handler())).reset();
  const auto count = seen.so_far().size();
  f.put("events.a", "3");
  CHECK(seen.so_far().size() == count);
  CHECK(calls == 1);
}
