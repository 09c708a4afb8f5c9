#include "cluster/http_client.hpp"
#include "cluster/http_server.hpp"
#include "tests/cluster/raw_client.hpp"
#include "tests/cluster/support.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>

using namespace skein;
using namespace skein::cluster;
using skein::tests::eventually;
using skein::tests::raw_client;

namespace {

http_stream::piece piece(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

constexpr auto get = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server whose every answer is a stream, which the test holds in its hand.
struct streaming_server {
  std::mutex guard;
  std::vector<std::shared_ptr<http_stream>> streams;
  std::atomic<int> begun{0}, ended{0};
  std::atomic<int> sent{0}, lost{0};
  std::unique_ptr<http_server> server
      = http_server::listen({}, [this](const http_request&, const auto& reply) {
          auto streaming = std::make_shared<http_streaming>();
          streaming->begin = [this](std::shared_ptr<http_stream> stream) {
            const std::lock_guard lock{guard};
            streams.push_back(std::move(stream));
            ++begun;
          };
          streaming->end = [this] { ++ended; };
          reply({.content_type = "text/event-stream", .stream = std::move(streaming)});
        }).value();

  std::shared_ptr<http_stream> stream(int number) {
    REQUIRE(eventually([&] { return begun > number; }));
    const std::lock_guard lock{guard};
    return streams[static_cast<std::size_t>(number)];
  }

  void write(http_stream& to, std::vector<http_stream::piece> pieces) {
    to.write(std::move(pieces), [this](bool ok) { ok ? ++sent : ++lost; });
  }
};

} // namespace

TEST_CASE_METHOD(streaming_server, "an answer may come piece by piece, and end") {
  raw_client client{*server};
  client.send(get);
  const auto to = stream(0);
  write(*to, {piece("one "), piece("two ")});
  CHECK_THAT(client.read_until("two "),
             Catch::Contains("HTTP/1.1 200 OK\r\n") && Catch::Contains("text/event-stream")
                 && Catch::Contains("Connection: close") && !Catch::Contains("Content-Length")
                 && Catch::EndsWith("\r\n\r\none two "));
  REQUIRE(eventually([&] { return sent == 1; }));
  write(*to, {piece("three")});
  to->close();
  CHECK(client.read_all() == "three");
  CHECK(eventually([&] { return ended == 1; }));
  write(*to, {piece("too late")});
  CHECK(eventually([&] { return lost == 1; }));
}

TEST_CASE_METHOD(streaming_server, "that a client has left is known without writing to it") {
  {
    raw_client client{*server};
    client.send(get);
    stream(0);
  }
  CHECK(eventually([&] { return ended == 1; }));
}

TEST_CASE_METHOD(streaming_server, "one client that does not read keeps no other waiting") {
  raw_client lazy{*server}, quick{*server};
  lazy.send(get);
  const auto to_lazy = stream(0);
  quick.send(get);
  const auto to_quick = stream(1);
  write(*to_lazy, {piece(std::string(16 << 20, 'x'))});
  for (int i = 1; i <= 100; ++i) {
    write(*to_quick, {piece(std::to_string(i) + "\n")});
    REQUIRE(eventually([&] { return sent == i; }));
  }
  CHECK_THAT(quick.read_until("100\n"), Catch::Contains("\n99\n100\n"));
  CHECK(lost == 0);
}

TEST_CASE_METHOD(streaming_server, "HEAD of a stream is its headers") {
  raw_client client{*server};
  client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(client.read_all(), Catch::Contains("text/event-stream"));
  CHECK(begun == 0);
}

TEST_CASE_METHOD(streaming_server, "a server ends with streams open") {
  raw_client client{*server};
  client.send(get);
  const auto to = stream(0);
  client.read_until("\r\n\r\n");
  server.reset();
  CHECK(client.read_all().empty());
  write(*to, {piece("late")});
  to->close();
}
