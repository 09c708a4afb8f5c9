#include "tests/cluster/streams_fixture.hpp"

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using namespace skein::tests;

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
