#include "cluster/http_client.hpp"
#include "cluster/http_server.hpp"
#include "tests/cluster/raw_client.hpp"
#include "tests/cluster/support.hpp"

#include <atomic>
#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::eventually;
using skein::tests::raw_client;
using reply_function = http_server::reply_function;

namespace {

std::unique_ptr<http_server> serve(http_server::handler handle) {
  auto server = http_server::listen({}, std::move(handle));
  if (!server)
    FAIL(server.error().what);
  return std::move(*server);
}

std::string url(const http_server& server, const std::string& target) {
  return "http://127.0.0.1:" + std::to_string(server.port()) + target;
}

http_response call(const http_server& server, const std::string& method, const std::string& target,
                   const std::string& body = {}, const http_headers& headers = {}) {
  auto answer = http_call(method, url(server, target), body, headers, 30s);
  if (!answer)
    FAIL(answer.error().what);
  return std::move(*answer);
}

/// Says back what it was asked.
void echo(const http_request& request, const reply_function& reply) {
  std::string text = request.method + " " + request.path;
  for (const auto& [name, value] : request.query)
    text += " " + name + "=" + value;
  reply({201, "text/plain", text + "\n" + request.body, {{"X-Word", request.header("x-word")}}});
}

} // namespace

TEST_CASE("a request reaches the handler whole, and the answer the client") {
  const auto server = serve(echo);
  const auto answer = call(*server, "PATCH", "/v1/a%20b/c?x=1&y=%C3%A9+z&flag", "the body",
                           {{"X-Word", "hello"}});
  CHECK(answer.status == 201);
  CHECK(answer.content_type == "text/plain");
  CHECK(answer.body == "PATCH /v1/a b/c flag= x=1 y=é z\nthe body");
  CHECK(http_request{.headers = answer.headers}.header("X-WORD") == "hello");
}

TEST_CASE("an answer may come later, from another thread, and only the first counts") {
  std::thread later;
  const auto server = serve([&](const http_request&, const reply_function& reply) {
    later = std::thread{[reply] {
      reply({.status = 202, .body = "first"});
      reply({.status = 500, .body = "second"});
    }};
  });
  const auto answer = call(*server, "GET", "/");
  later.join();
  CHECK(answer.status == 202);
  CHECK(answer.body == "first");
}

TEST_CASE("a handler that throws or drops its reply gives a problem") {
  const auto server = serve([](const http_request& request, const reply_function&) {
    if (request.path == "/throw")
      throw std::runtime_error{"the \"reason\""};
  });
  const auto thrown = call(*server, "GET", "/throw");
  CHECK(thrown.status == 500);
  CHECK(thrown.content_type == "application/problem+json");
  CHECK_THAT(thrown.body,
             Catch::Contains(R"("detail":"the \"reason\"")") && Catch::Contains(R"("status":500)"));
  CHECK_THAT(call(*server, "GET", "/").body, Catch::Contains("gave no answer"));
}

TEST_CASE("one connection carries many requests, also sent at once") {
  const auto server = serve(echo);
  raw_client client{*server};
  for (int i = 0; i < 3; ++i) {
    client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK_THAT(client.read_until("GET /" + std::to_string(i) + "\n"), Catch::Contains("201"));
  }
  client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_THAT(client.read_until("GET /b\n"), Catch::Contains("GET /a\n"));
  client.send("GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK_THAT(client.read_all(), Catch::Contains("GET /c\n"));
}

TEST_CASE("HEAD has the length of the body, not the body") {
  const auto server = serve(echo);
  raw_client client{*server};
  client.send("HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto answer = client.read_all();
  CHECK_THAT(answer, Catch::Contains("Content-Length: 8\r\n") && Catch::EndsWith("\r\n\r\n"));
  CHECK(call(*server, "HEAD", "/x").status == 201);
}

TEST_CASE("a client that waits for 100 Continue is told to go on") {
  const auto server = serve(echo);
  raw_client client{*server};
  client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK_THAT(client.read_until("\r\n\r\n"), Catch::Contains("HTTP/1.1 100 Continue"));
  client.send("hi");
  CHECK_THAT(client.read_until("hi"), Catch::Contains("201"));
}

TEST_CASE("16 MiB pass, more does not") {
  const auto server = serve([](const http_request& request, const reply_function& reply) {
    reply({.body = std::to_string(request.body.size())});
  });
  const std::string most(http_server_options{}.max_body_bytes, 'x');
  CHECK(call(*server, "POST", "/", most).body == std::to_string(most.size()));
  raw_client client{*server};
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(most.size() + 1)
              + "\r\n\r\n" + most + "x");
  CHECK_THAT(client.read_until("}"), Catch::Contains("413") && Catch::Contains("16 MiB"));
  const auto chunked = call(*server, "POST", "/", most + "x", {{"Transfer-Encoding", "chunked"}});
  CHECK(chunked.status == 413);
}

TEST_CASE("headers beyond 16 KiB get 431") {
  const auto server = serve(echo);
  CHECK(call(*server, "GET", "/", "", {{"X-Long", std::string(20000, 'x')}}).status == 431);
  CHECK(call(*server, "GET", "/", "", {{"X-Long", std::string(10000, 'x')}}).status == 201);
}

TEST_CASE("what is no HTTP gets 400, and the server goes on") {
  const auto server = serve(echo);
  for (const auto* bytes : {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: minus\r\n\r\n"}) {
    raw_client client{*server};
    client.send(bytes);
    CHECK_THAT(client.read_until("}"),
               Catch::Contains("HTTP/1.1 400") && Catch::Contains("application/problem+json"));
  }
  for (const auto* target : {"/%", "/%zz", "/?x=%1"})
    CHECK(call(*server, "GET", target).status == 400);
  CHECK(call(*server, "GET", "/").status == 201);
}

TEST_CASE("a client that leaves early harms nobody") {
  std::atomic<int> handled{0};
  const auto server = serve([&](const http_request&, const reply_function& reply) {
    ++handled;
    reply({.body = std::string(1 << 20, 'x')});
  });
  for (int i = 0; i < 50; ++i) {
    raw_client client{*server};
    client.send(i % 2 ? "GET / HTTP/1.1\r\nHost: x\r\n\r\n" : "POST / HTTP/1.1\r\nContent-Le");
  }
  CHECK(call(*server, "GET", "/").status == 200);
  CHECK(eventually([&] { return handled == 26; }));
}

TEST_CASE("many clients at once") {
  const auto server = serve(echo);
  std::atomic<int> right{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([&, i] {
      for (int j = 0; j < 50; ++j) {
        const auto path = "/" + std::to_string(i) + "/" + std::to_string(j);
        const auto answer = http_call("GET", url(*server, path), "", {}, 30s);
        right += answer && answer->body == "GET " + path + "\n";
      }
    });
  for (auto& client : clients)
    client.join();
  CHECK(right == 400);
}

TEST_CASE("a server ends with requests under way, and late replies go nowhere") {
  reply_function kept;
  std::atomic<bool> asked{false};
  auto server = serve([&](const http_request&, reply_function reply) {
    kept = std::move(reply);
    asked = true;
  });
  raw_client waiting{*server}, idle{*server};
  waiting.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(eventually([&] { return asked.load(); }));
  server.reset();
  CHECK(waiting.read_all() == "");
  kept({.body = "late"});
}

TEST_CASE("an address that cannot be listened on") {
  const auto server = serve(echo);
  CHECK_THAT(http_server::listen({.port = server->port()}, echo).error().what,
             Catch::Contains("port " + std::to_string(server->port()))
                 && Catch::Contains("already in use"));
  CHECK_THAT(http_server::listen({.address = "localhost"}, echo).error().what,
             Catch::Contains("not an IP address"));
}

TEST_CASE("no answer is a failure that names the URL without its password") {
  const auto server = serve([](const http_request&, const reply_function& reply) {
    static std::vector<reply_function> never;
    never.push_back(reply);
  });
  const auto late = http_call("GET", url(*server, "/slow"), "", {}, 50ms);
  REQUIRE_FALSE(late);
  CHECK_THAT(late.error().what,
             Catch::Contains("no answer to GET http://127.0.0.1:") && Catch::Contains("timed out"));
  const auto refused = http_call("GET", "http://me:secret@127.0.0.1:1/x", "", {}, 5s);
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().what,
             Catch::Contains("http://***@127.0.0.1:1/x") && !Catch::Contains("secret"));
  CHECK_FALSE(http_call("GET", "file:///etc/passwd", "", {}, 5s));
  CHECK_FALSE(http_call("GET", "not a url", "", {}, 5s));
}

TEST_CASE("a redirect is an answer") {
  const auto server = serve([](const http_request&, const reply_function& reply) {
    reply({.status = 302, .headers = {{"Location", "/elsewhere"}}});
  });
  const auto answer = call(*server, "GET", "/");
  CHECK(answer.status == 302);
  CHECK(http_request{.headers = answer.headers}.header("location") == "/elsewhere");
}

TEST_CASE("an answer beyond 64 MiB is refused") {
  const auto server = serve([](const http_request& request, const reply_function& reply) {
    reply({.body = std::string((64 << 20) + (request.path == "/more" ? 1 : 0), 'x')});
  });
  CHECK(call(*server, "GET", "/").body.size() == 64 << 20);
  CHECK_THAT(http_call("GET", url(*server, "/more"), "", {}, 30s).error().what,
             Catch::Contains("longer than 64 MiB"));
}
