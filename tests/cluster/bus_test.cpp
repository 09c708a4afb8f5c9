#include "tests/cluster/nats_fixture.hpp"

#include <future>
#include <mutex>

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::eventually;
using skein::tests::must;

namespace {

/// Collects what a handler is given, on whatever thread.
class inbox {
public:
  auto handler() {
    return [this](message got) {
      const std::lock_guard lock{mutex_};
      messages_.push_back(std::move(got));
    };
  }
  std::vector<message> messages() const {
    const std::lock_guard lock{mutex_};
    return messages_;
  }
  std::size_t size() const { return messages().size(); }

private:
  mutable std::mutex mutex_;
  std::vector<message> messages_;
};

} // namespace

TEST_CASE("a message arrives with its data and headers") {
  tests::nats_fixture f;
  inbox got;
  const auto sub = must(f.bus->subscribe("greet.*", "", got.handler()));
  const std::string data{"hel\0lo", 6};
  must(f.bus->publish(
      {"greet.you", "answer.here", data, {{"Content-Type", "text"}, {"A", "1"}, {"A", "2"}}}));
  REQUIRE(eventually([&] { return got.size() == 1; }));
  const auto message = got.messages()[0];
  CHECK(message.subject == "greet.you");
  CHECK(message.reply == "answer.here");
  CHECK(message.data == data);
  auto headers = message.headers;
  std::sort(headers.begin(), headers.end());
  CHECK(headers == header_list{{"A", "1"}, {"A", "2"}, {"Content-Type", "text"}});
}

TEST_CASE("each member of a queue group gets its share") {
  tests::nats_fixture f;
  inbox a, b;
  const auto first = must(f.bus->subscribe("work", "workers", a.handler()));
  const auto second = must(f.bus->subscribe("work", "workers", b.handler()));
  for (int i = 0; i < 200; ++i)
    must(f.bus->publish({"work"}));
  CHECK(eventually([&] { return a.size() + b.size() == 200; }));
  CHECK(a.size() > 0);
  CHECK(b.size() > 0);
}

TEST_CASE("a destroyed subscription is silent, and waits for its handler") {
  tests::nats_fixture f;
  std::atomic<bool> inside{false}, left{false}, let_go{false};
  auto sub = std::make_unique<subscription>(must(f.bus->subscribe("s", "", [&](message) {
    inside = true;
    eventually([&] { return let_go.load(); });
    left = true;
  })));
  must(f.bus->publish({"s"}));
  REQUIRE(eventually([&] { return inside.load(); }));
  auto destroyed = std::async(std::launch::async, [&] {
    sub.reset();
    return left.load();
  });
  CHECK(destroyed.wait_for(50ms) == std::future_status::timeout);
  let_go = true;
  CHECK(destroyed.get());
  inside = false;
  must(f.bus->publish({"s"}));
  must(f.bus->flush(5s));
  CHECK_FALSE(inside);
}

TEST_CASE("a handler may destroy its own subscription, and a subscription outlive its bus") {
  tests::nats_fixture f;
  auto own = std::make_shared<subscription>();
  std::atomic<int> calls{0};
  *own = must(f.bus->subscribe("s", "", [&](message) {
    *own = subscription{};
    ++calls;
  }));
  const auto outlives = must(f.bus->subscribe("t", "", [](message) {}));
  must(f.bus->publish({"s"}));
  must(f.bus->publish({"s"}));
  CHECK(eventually([&] { return calls == 1; }));
  f.bus.reset();
  CHECK(calls == 1);
}

TEST_CASE("request and respond") {
  tests::nats_fixture f;
  const auto server = must(f.bus->subscribe("double", "", [&](message question) {
    must(f.bus->respond(question, question.data + question.data));
  }));
  CHECK(must(f.bus->request("double", "ab", 5s)).data == "abab");
  const auto unanswered = f.bus->request("nobody.there", "x", 5s);
  REQUIRE_FALSE(unanswered);
  CHECK_THAT(unanswered.error().what,
             Catch::Contains("nobody.there") && Catch::Contains("start the role"));
  CHECK_FALSE(f.bus->respond({"no.reply"}, "x"));
}

TEST_CASE("a thousand asynchronous requests are each answered once") {
  tests::nats_fixture f;
  const auto server = must(f.bus->subscribe(
      "echo", "", [&](message question) { must(f.bus->respond(question, question.data)); }));
  std::vector<std::atomic<int>> right(1000);
  for (std::size_t i = 0; i < right.size(); ++i)
    f.bus->request_async("echo", std::to_string(i), 20s, [&, i](expected<message> reply) {
      right[i] += must(std::move(reply)).data == std::to_string(i) ? 1 : 100;
    });
  const auto all_answered = [&] {
    return std::all_of(right.begin(), right.end(), [](const auto& n) { return n == 1; });
  };
  CHECK(eventually(all_answered));
  f.bus.reset();
  CHECK(all_answered());
}

TEST_CASE("an asynchronous request fails when nobody listens, in time, and when the bus closes") {
  tests::nats_fixture f;
  const auto silent = must(f.bus->subscribe("silent", "", [](message) {}));
  std::promise<std::string> nobody, late, closed;
  const auto into = [](std::promise<std::string>& out) {
    return
        [&out](expected<message> reply) { out.set_value(reply ? "answered" : reply.error().what); };
  };
  f.bus->request_async("nobody.there", "x", 20s, into(nobody));
  f.bus->request_async("silent", "x", 20s, into(closed));
  f.bus->request_async("silent", "x", 30ms, into(late));
  CHECK_THAT(nobody.get_future().get(), Catch::Contains("nobody listens there"));
  CHECK_THAT(late.get_future().get(), Catch::Contains("silent") && Catch::Contains("Timeout"));
  f.bus.reset();
  CHECK_THAT(closed.get_future().get(), Catch::Contains("no answer from silent"));
}

TEST_CASE("subscriptions and requests survive a killed server") {
  tests::nats_fixture f;
  std::mutex mutex;
  std::vector<bus_state> states;
  f.bus = f.connect([&](bus_state state, std::string_view) {
    const std::lock_guard lock{mutex};
    states.push_back(state);
  });
  inbox got;
  const auto sub = must(f.bus->subscribe("after", "", got.handler()));
  const auto server = must(f.bus->subscribe(
      "echo", "", [&](message question) { must(f.bus->respond(question, question.data)); }));
  const auto silent = must(f.bus->subscribe("silent", "", [](message) {}));
  std::promise<bool> broken;
  f.bus->request_async("silent", "x", 60s,
                       [&](expected<message> reply) { broken.set_value(reply.has_value()); });
  f.kill_server();
  CHECK_FALSE(broken.get_future().get());
  f.wait_for_server();
  must(f.bus->publish({"after"}));
  CHECK(eventually([&] { return got.size() == 1; }));
  CHECK(must(f.bus->request("echo", "back", 10s)).data == "back");
  f.bus.reset();
  CHECK(states
        == std::vector{bus_state::disconnected, bus_state::connected, bus_state::disconnected,
                       bus_state::closed});
}

TEST_CASE("while the server is away, sending fails at once and says why") {
  tests::nats_fixture f;
  auto& bus = *f.bus;
  f.server.reset();
  REQUIRE(eventually([&] { return !bus.publish({"s"}); }));
  CHECK_THAT(bus.publish({"s"}).error().what,
             Catch::Contains("publish to s") && Catch::Contains("connection is down"));
  CHECK_FALSE(bus.request("s", "x", 60s));
  std::promise<bool> answered;
  bus.request_async("s", "x", 60s, [&](expected<message> r) { answered.set_value(r.has_value()); });
  CHECK_FALSE(answered.get_future().get());
}

TEST_CASE("no server, and no password in the sentence") {
  auto none = bus::connect({.url = "nats://user:secret@127.0.0.1:1,nats://token@127.0.0.1:2"});
  REQUIRE_FALSE(none);
  CHECK_THAT(none.error().what, Catch::Contains("nats://***@127.0.0.1:1,nats://***@127.0.0.1:2")
                                    && Catch::Contains("start nats-server")
                                    && !Catch::Contains("secret"));
  CHECK_FALSE(bus::connect({.url = ""}));
}

TEST_CASE("a message beyond the server's bound and a subject with blanks are refused") {
  tests::nats_fixture f;
  CHECK_THAT(f.bus->publish({"s", "", std::string(5 << 20, 'x')}).error().what,
             Catch::Contains("max_payload"));
  CHECK_FALSE(f.bus->subscribe("a..b", "", [](message) {}));
  CHECK_FALSE(f.bus->publish({""}));
}

TEST_CASE_METHOD(tests::nats_fixture, "that there is no server any more is known") {
  CHECK(bus->is_connected());
  server.reset();
  CHECK(tests::eventually([&] { return !bus->is_connected(); }));
}
