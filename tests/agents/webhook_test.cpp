#include "agents/webhook.hpp"

#include "agents/webhook_signature.hpp"

#include <catch2/catch.hpp>
#include <deque>

using namespace skein;
using namespace skein::agents;
using namespace std::chrono_literals;

namespace {

/// An endpoint that answers as listed, in virtual time.
struct listed_endpoint {
  std::deque<expected<cluster::http_response>> answers;
  std::vector<std::chrono::milliseconds> waits;
  std::chrono::milliseconds now{0};
  std::size_t calls = 0;

  webhook_ports ports() {
    return {[this](const std::string&, const cluster::http_headers&) {
              ++calls;
              now += 100ms;
              auto answer = answers.front();
              if (answers.size() > 1)
                answers.pop_front();
              return answer;
            },
            [this](std::chrono::milliseconds span) {
              waits.push_back(span);
              now += span;
            },
            [this] { return now; }, [] { return int64_t{1700000000}; }};
  }
};

cluster::http_response status(int code, cluster::http_headers headers = {}) {
  return {code, "text/plain", "no_such_channel", std::move(headers), {}};
}

outcome<void> post(listed_endpoint& to) { return post_webhook(to.ports(), {}, "msg_1", "{}"); }

} // namespace

TEST_CASE("the signature is that of the specification's example") {
  // From the test suites of standard-webhooks.
  const auto key = webhook_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  REQUIRE(key);
  const auto headers = webhook_headers(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                                       R"({"test": 2432232314})");
  REQUIRE(headers.size() == 3);
  CHECK(headers[0].second == "msg_p5jXN8AQM9LWM0D4loKWxJek");
  CHECK(headers[1].second == "1614265330");
  CHECK(headers[2].first == "webhook-signature");
  CHECK(headers[2].second == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("what is no secret is refused without being told") {
  for (const std::string bad : {"whsec_", "whsec_MfKQ", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
                                "whsec_MfKQ9r8GKYqrTwjUPD8"
                                "ILPZIo2LaLa"}) {
    CAPTURE(bad);
    const auto key = webhook_key(bad);
    REQUIRE_FALSE(key);
    CHECK(key.error().what.find("MfKQ") == std::string::npos);
  }
  CHECK(webhook_headers("", "msg_1", 1, "{}").size() == 2);
}

TEST_CASE("what may be taken later is tried again, ever less often") {
  listed_endpoint to;
  to.answers = {status(500), tl::unexpected{failure{"no answer"}}, status(503), status(204)};
  CHECK(post(to));
  CHECK(to.waits == std::vector<std::chrono::milliseconds>{500ms, 1s, 2s});
}

TEST_CASE("patience ends, and then it is for another try") {
  listed_endpoint to;
  to.answers = {status(500)};
  const auto sent = post(to);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().kind == trouble_kind::transient);
  CHECK(to.now <= 60s);
  CHECK(to.calls > 5);
}

TEST_CASE("a Retry-After is honoured while it fits") {
  listed_endpoint to;
  to.answers = {status(429, {{"retry-after", "30"}}), status(200)};
  CHECK(post(to));
  CHECK(to.waits == std::vector<std::chrono::milliseconds>{30s});
  listed_endpoint busy;
  busy.answers = {status(429, {{"Retry-After", "3600"}})};
  const auto sent = post(busy);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().kind == trouble_kind::transient);
  CHECK(busy.waits.empty());
}

TEST_CASE("what will never be taken is not tried again") {
  for (const int code : {301, 302, 400, 401, 403, 404, 410, 413}) {
    CAPTURE(code);
    listed_endpoint to;
    to.answers = {status(code)};
    const auto sent = post(to);
    REQUIRE_FALSE(sent);
    CHECK(sent.error().kind == trouble_kind::permanent);
    CHECK(to.calls == 1);
    CHECK(sent.error().what.find(std::to_string(code)) != std::string::npos);
  }
}

TEST_CASE("of a URL only scheme and host are shown") {
  CHECK(shown_origin("https://hooks.slack.com/services/T0/B0/secret") == "https://hooks.slack.com");
  CHECK(shown_origin("https://me:word@host:8443?key=secret") == "https://host:8443");
  CHECK(shown_origin("http://127.0.0.1:80") == "http://127.0.0.1:80");
}

TEST_CASE("a digest has the same id for the same recipient, and another for each") {
  CHECK(webhook_id("scan-7", "film") == webhook_id("scan-7", "film"));
  CHECK(webhook_id("scan-7", "film") != webhook_id("scan-7", "charts"));
  CHECK(webhook_id("scan-7", "film") != webhook_id("scan-8", "film"));
}
