#include "tests/cluster/streams_fixture.hpp"

#include <set>

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using namespace skein::tests;

namespace {

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

} // namespace

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
