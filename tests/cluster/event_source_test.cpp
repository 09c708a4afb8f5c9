#include "cluster/event_source.hpp"
#include "cluster/http_client.hpp"
#include "cluster/http_server.hpp"
#include "tests/cluster/support.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <thread>

using namespace skein;
using namespace skein::cluster;
using skein::tests::eventually;

namespace {

using texts = std::vector<std::string>;

/// What the pieces say, an event a text: `<id> <type>: <data>`.
texts events_in(const texts& pieces) {
  texts found;
  server_sent_events reader{[&](const server_sent_event& x) {
    found.push_back(std::string{x.id} + " " + std::string{x.type} + ": " + std::string{x.data});
  }};
  for (const auto& x : pieces)
    CHECK(reader.take(x));
  return found;
}

/// Streams to whoever asks, and refuses `/closed`.
struct stream_server {
  std::mutex guard;
  std::vector<std::shared_ptr<http_stream>> streams;
  std::atomic<std::size_t> begun{0};
  std::string asked_with;
  std::unique_ptr<http_server> server
      = http_server::listen({}, [this](const http_request& request, const auto& reply) {
          if (request.path.starts_with("/closed"))
            return reply(http_problem(503, "Not yet", "the daemon starts"));
          auto streaming = std::make_shared<http_streaming>();
          asked_with = request.header("Accept");
          streaming->begin = [this](std::shared_ptr<http_stream> stream) {
            const std::lock_guard lock{guard};
            streams.push_back(std::move(stream));
            ++begun;
          };
          streaming->end = [] {};
          reply({.content_type = "text/event-stream", .stream = std::move(streaming)});
        }).value();

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server->port()) + path;
  }

  void write(const std::string& text) {
    REQUIRE(eventually([&] { return begun > 0; }));
    const std::lock_guard lock{guard};
    streams.back()->write({std::make_shared<const std::string>(text)}, [](bool) {});
  }
};

/// A follow() on a thread of its own.
struct following {
  event_source source;
  std::atomic<int> opened{0}, heard{0};
  std::atomic<bool> has_ended = false;
  std::string why;
  std::thread thread;

  explicit following(const event_source_options& want)
      : thread{[this, want] {
          why = source
                    .follow(
                        want, [this] { ++opened; }, [this](const auto&) { ++heard; })
                    .what;
          has_ended = true;
        }} {}
  ~following() {
    source.stop();
    thread.join();
  }
};

} // namespace

TEST_CASE("server-sent events are found however their bytes are cut") {
  const std::string stream = ": hello\n\nid: 7\nevent: completed\ndata: {\"a\":1}\n\nid: 8\n\n"
                             "data:one\r\ndata: two\r\n\r\nretry: 5\nevent\ndata\n\nid: 9\ndata: x";
  const texts wanted{"7 completed: {\"a\":1}", "8 message: one\ntwo", "8 message: "};
  CHECK(events_in({stream}) == wanted);
  texts bytes;
  for (const char x : stream)
    bytes.emplace_back(1, x);
  CHECK(events_in(bytes) == wanted);
  for (std::size_t at = 0; at <= stream.size(); ++at)
    CHECK(events_in({stream.substr(0, at), stream.substr(at)}) == wanted);
}

TEST_CASE("an event without end is given up") {
  server_sent_events reader{[](const auto&) { FAIL("there is none"); }};
  const std::string much(600'000, 'x');
  CHECK(reader.take("data: " + much));
  CHECK_FALSE(reader.take(much));
}

TEST_CASE("a stream is open before its first event, and says why it ended") {
  stream_server at;
  following now{{.url = at.url("/events")}};
  REQUIRE(eventually([&] { return now.opened == 1; }));
  CHECK(at.asked_with == "text/event-stream");
  CHECK(now.heard == 0);
  at.write("id: 1\ndata: a\n\nid: 2\nda");
  REQUIRE(eventually([&] { return now.heard == 1; }));
  at.write("ta: b\n\n");
  REQUIRE(eventually([&] { return now.heard == 2; }));
  {
    const std::lock_guard lock{at.guard};
    at.streams.clear();
  }
  at.server.reset();
  REQUIRE(eventually([&] { return now.has_ended.load(); }));
  CHECK_FALSE(now.why.empty());
}

TEST_CASE("a stream that is refused is not open") {
  stream_server at;
  following now{{.url = at.url("/closed")}};
  REQUIRE(eventually([&] { return now.has_ended.load(); }));
  CHECK(now.why == "HTTP status 503");
  CHECK(now.opened == 0);
}

TEST_CASE("a stream ends at once when it is stopped, also from before") {
  stream_server at;
  event_source source;
  std::atomic<bool> is_open = false;
  std::thread other{[&] {
    CHECK(eventually([&] { return is_open.load(); }));
    source.stop();
  }};
  source.follow(
      {.url = at.url("/events")}, [&] { is_open = true; }, [](const auto&) {});
  other.join();
  source.follow(
      {.url = at.url("/events")}, [] { FAIL("it was stopped"); }, [](const auto&) {});
}

TEST_CASE("a request that nobody answers can be given up") {
  stream_server at; // whose answer never ends
  std::atomic<bool> given_up = false;
  std::thread other{[&] {
    CHECK(eventually([&] { return at.begun > 0; }));
    given_up = true;
  }};
  const auto answer = http_call("GET", at.url("/"), "", {}, std::chrono::minutes{5}, {}, &given_up);
  other.join();
  CHECK_FALSE(answer);
}
