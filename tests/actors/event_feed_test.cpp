#include "actors/api/event_feed.hpp"

#include "actors/projection.hpp"
#include "cluster/http_server.hpp"
#include "store/memory_log.hpp"
#include "store/memory_view.hpp"
#include "tests/cluster/raw_client.hpp"
#include "tests/cluster/support.hpp"
#include "told_log.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using skein::tests::eventually;
using skein::tests::raw_client;
using test::midnight;

namespace {

/// A client that takes the stream apart.
struct reader {
  raw_client client;
  std::string buffer;

  explicit reader(const cluster::http_server& server) : client{server} {}

  void ask() { client.send("GET / HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n"); }

  /// The next event, as it came; empty when there is none any more.
  std::string frame() {
    while (buffer.find("\n\n") == buffer.npos) {
      auto more = client.read_until("\n\n");
      if (more.empty())
        return {};
      buffer += more;
    }
    auto result = buffer.substr(0, buffer.find("\n\n") + 2);
    buffer.erase(0, result.size());
    return result;
  }

  /// The ids of all events up to the one of that sequence.
  std::vector<uint64_t> to(uint64_t last) {
    std::vector<uint64_t> ids;
    while (ids.empty() || ids.back() < last) {
      const auto next = frame();
      const auto at = next.find("id: ");
      if (at == next.npos)
        break;
      ids.push_back(std::stoull(next.substr(at + 4)));
    }
    return ids;
  }
};

struct fixture {
  store::memory_log log;
  store::memory_view view;
  test::told_log story{log};
  query_parameters filters; ///< of the next reader
  uint64_t after = 0;
  std::unique_ptr<event_feed> feed;
  std::unique_ptr<cluster::http_server> server;

  void start(feed_options options = {}) {
    feed = std::make_unique<event_feed>(log, view, options);
    server = cluster::http_server::listen({}, [this](const auto&, const auto& reply) {
               auto filter = event_filter::read(filters, view, midnight).value();
               filter.go_on_for_ever();
               reply(feed->open(after, std::move(filter), "a reader"));
             }).value();
  }

  void project() {
    while (view.cursor() < log.last_sequence())
      REQUIRE(project_batch(log, view, 1000));
    if (feed)
      feed->grew();
  }

  static std::vector<uint64_t> range(uint64_t first, uint64_t last) {
    std::vector<uint64_t> result;
    for (auto i = first; i <= last; ++i)
      result.push_back(i);
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a reader is given what was, and then what comes") {
  story.complete("movies");
  project();
  start();
  reader client{*server};
  client.ask();
  const auto before = log.last_sequence();
  CHECK(client.to(before) == range(1, before));
  story.complete("cars");
  story.complete("jobs");
  project();
  CHECK(client.to(log.last_sequence()) == range(before + 1, log.last_sequence()));
}

TEST_CASE_METHOD(fixture, "what the view does not have yet is not shown yet") {
  start();
  reader client{*server};
  client.ask();
  story.request("movies");
  feed->grew();
  story.request("cars");
  project();
  CHECK(client.to(2) == range(1, 2));
}

TEST_CASE_METHOD(fixture, "a reader far behind reads the log, whatever is kept ready") {
  for (int i = 0; i < 300; ++i)
    story.request("movies" + std::to_string(i));
  project();
  start({.ring_events = 4, .chunk_bytes = 2000});
  reader client{*server};
  client.ask();
  CHECK(client.to(300) == range(1, 300));
}

TEST_CASE_METHOD(fixture, "filters are those of the list, also for an owner who is known late") {
  start();
  filters = {{"owner", "group:default/film"}, {"type", "completed"}};
  reader client{*server};
  client.ask();
  story.request("cars");
  project();
  story.complete("movies");
  project();
  CHECK(client.to(log.last_sequence()) == range(log.last_sequence(), log.last_sequence()));
}

TEST_CASE_METHOD(fixture, "a reader that hears nothing is told that all is well, and where it is") {
  start({.heartbeat = 10ms});
  filters = {{"type", "cancelled"}};
  reader client{*server};
  client.ask();
  story.request("movies");
  project();
  CHECK_THAT(client.client.read_until(": still here\nid: 1\n\n"),
             Catch::Contains("still here\nid: 1"));
}

TEST_CASE_METHOD(fixture, "a record that cannot be read is shown as such") {
  story.request("movies");
  story.damage("movies@v2");
  project();
  start();
  reader client{*server};
  client.ask();
  CHECK_THAT(client.client.read_until("event: unreadable\ndata: "), Catch::Contains("id: 2\n"));
}

TEST_CASE_METHOD(fixture, "a reader that is too slow is told so and let go, and the others go on") {
  start({.ring_events = 16, .heartbeat = 1h});
  reader slow{*server}, quick{*server};
  slow.ask();
  quick.ask();
  story.request("first");
  project();
  CHECK(slow.to(1) == range(1, 1));
  CHECK(quick.to(1) == range(1, 1));
  // More than the system holds for a connection, in events of 16 KiB.
  const std::string reason(16 << 10, 'x');
  for (int i = 0; feed->counts().dropped == 0; ++i) {
    REQUIRE(i < 20'000);
    const auto id = migration_id("set" + std::to_string(i), "v2");
    story.give(id,
               migration::request{
                   {migration::subject_kind::dataset, "set" + std::to_string(i), "v1", "v2"},
                   test::seed_flow(),
                   "scan"},
               "tester", reason);
    project();
    const auto last = log.last_sequence();
    REQUIRE(quick.to(last) == range(last, last));
    REQUIRE(eventually([&] { return feed->counts().last_sequence == last; }));
  }
  const auto rest = slow.buffer + slow.client.read_all();
  const auto end = rest.rfind("event: dropped\ndata: ");
  REQUIRE(end != rest.npos);
  const auto why = nlohmann::json::parse(rest.substr(end + 21));
  CHECK_THAT(why["reason"].get<std::string>(), Catch::Contains("events behind"));
  // Nothing is missing up to where it may go on.
  CHECK(rest.find("\nid: " + why["last_event_id"].get<std::string>() + "\n") != rest.npos);
  CHECK(eventually([&] { return feed->counts().clients == 1; }));
  after = std::stoull(why["last_event_id"].get<std::string>());
  reader again{*server};
  again.ask();
  CHECK(again.to(log.last_sequence()) == range(after + 1, log.last_sequence()));
}

TEST_CASE_METHOD(fixture, "a reader that takes nothing at all is let go as well") {
  // More than the system holds for a connection: the very first thing it is sent does not get away.
  story.give(migration_id("vast", "v2"),
             migration::request{
                 {migration::subject_kind::dataset, "vast", "v1", "v2"}, test::seed_flow(), "scan"},
             "tester", std::string(12 << 20, 'x'));
  project();
  start({.ring_events = 4, .heartbeat = 1h});
  reader idle{*server};
  idle.client.keep_at_most(4096);
  idle.ask();
  REQUIRE(eventually([&] { return feed->counts().sent == 1; }));
  for (int i = 0; i < 5; ++i)
    story.request("movies" + std::to_string(i));
  project();
  CHECK(eventually([&] { return feed->counts().dropped == 1; }));
}

TEST_CASE_METHOD(fixture, "beyond the most readers one more is asked to come later") {
  start({.clients_max = 2});
  {
    reader a{*server}, b{*server}, c{*server};
    a.ask();
    b.ask();
    REQUIRE(eventually([&] { return feed->counts().clients == 2; }));
    c.ask();
    CHECK_THAT(c.client.read_until("}"),
               Catch::Contains("503") && Catch::Contains("ask again later"));
  }
  CHECK(eventually([&] { return feed->counts().clients == 0; }));
  reader d{*server};
  d.ask();
  CHECK(eventually([&] { return feed->counts().clients == 1; }));
}

TEST_CASE_METHOD(fixture, "a feed may end before its readers, and after") {
  start();
  reader a{*server};
  a.ask();
  REQUIRE(eventually([&] { return feed->counts().clients == 1; }));
  SECTION("before") {
    feed.reset();
    CHECK_THAT(a.client.read_all(), Catch::Contains("200 OK"));
  }
  SECTION("after") {
    server.reset();
    story.request("movies");
    project();
    feed.reset();
  }
}

TEST_CASE_METHOD(fixture, "what came while nobody read is there for the next reader") {
  start();
  story.complete("movies");
  project();
  REQUIRE(eventually([&] { return feed->counts().last_sequence == log.last_sequence(); }));
  reader client{*server};
  client.ask();
  CHECK(client.to(log.last_sequence()) == range(1, log.last_sequence()));
}

TEST_CASE_METHOD(fixture, "a ring keeps nothing of what it passes over") {
  event_ring ring{log, view, 100};
  story.complete("movies");
  project();
  ring.pass_over();
  const auto passed = log.last_sequence();
  CHECK(ring.last() == passed);
  CHECK(ring.first() == passed + 1);
  story.complete("cars");
  project();
  REQUIRE(ring.take_in());
  CHECK(ring.first() == passed + 1);
  CHECK(ring.last() == log.last_sequence());
  CHECK(ring.at(passed + 1).facts.migration == "cars@v2");
}
