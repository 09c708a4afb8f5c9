#include "cluster/subjects.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <mutex>

// What the server lets each role do: a real one, with the configuration that the daemon gives it.

using namespace skein;
using namespace skein::cluster;
using namespace std::chrono_literals;
using skein::tests::eventually;
using skein::tests::must;

namespace {

/// Short: what is forbidden is not answered at all.
constexpr auto patience = 400ms;

struct guarded {
  tests::temporary_folder folder;
  std::unique_ptr<embedded_nats> server;
  std::mutex mutex;
  std::string troubles;

  static nats_access access(bool is_open = false) {
    nats_access may;
    for (const auto role : all_bus_roles())
      may.users.push_back({std::string{to_string(role)}, "pw", role});
    may.is_open = is_open;
    may.action_subjects = {subjects::actions};
    return may;
  }

  explicit guarded(nats_access may = access())
      : server{must(
          embedded_nats::start({.folder = folder.path() / "nats", .access = std::move(may)}))} {}

  expected<std::unique_ptr<bus>> connect(const std::string& user,
                                         const std::string& password = "pw") {
    bus_options to;
    to.url = server->url();
    to.max_reconnect = 0;
    to.identity.user = user;
    to.identity.password = password;
    to.on_state = [this](bus_state, std::string_view text) {
      const std::lock_guard lock{mutex};
      troubles += std::string{text} + "\n";
    };
    return bus::connect(std::move(to));
  }

  std::unique_ptr<bus> as(bus_role role) { return must(connect(std::string{to_string(role)})); }

  void make_streams() {
    const auto owner = as(bus_role::coordinator);
    for (const auto& stream : streams::all({subjects::actions}))
      must(owner->ensure_stream(stream));
  }

  bool complains(const std::string& of) {
    return eventually([&] {
      const std::lock_guard lock{mutex};
      return troubles.find(of) != std::string::npos;
    });
  }
};

bool can_ask(bus& link, const std::string& id) {
  return link.publish_durable(subjects::actions, "{}", id, {}, patience).has_value();
}

std::string denied_to_hear(guarded& f, bus_role role, const std::string& subject) {
  const auto link = f.as(role);
  const auto heard = link->subscribe(subject, {}, [](const message&) {});
  return f.complains(subject) ? "denied" : "heard";
}

} // namespace

TEST_CASE("a closed server lets in who knows a password, and nobody else") {
  guarded f;
  CHECK(f.connect("viewer"));
  CHECK_THAT(f.connect("viewer", "guess").error().what, Catch::Contains("cannot connect to NATS"));
  CHECK_FALSE(f.connect("", ""));
  CHECK_FALSE(f.connect("nobody"));
}

TEST_CASE("an open server lets everybody in, and its users keep their names") {
  guarded f{guarded::access(true)};
  CHECK(must(f.connect("", ""))->flush(10s));
  CHECK(f.as(bus_role::coordinator)->flush(10s));
  CHECK_FALSE(f.connect("viewer", "guess"));
}

TEST_CASE("an open server is closed while it runs: who has no name is put out, users stay") {
  guarded f{guarded::access(true)};
  const auto stranger = must(f.connect("", ""));
  const auto owner = f.as(bus_role::coordinator);
  must(f.server->set_access(guarded::access(false)));
  CHECK(eventually([&] { return !stranger->flush(100ms); }));
  CHECK(owner->flush(10s));
  CHECK(eventually([&] { return !f.connect("", ""); }));
}

TEST_CASE("a user that is taken out is put out at once, and one that is added comes in") {
  guarded f;
  const auto viewer = f.as(bus_role::viewer);
  auto may = guarded::access();
  std::erase_if(may.users, [](const auto& x) { return x.name == "viewer"; });
  may.users.push_back({"ann", "pw", bus_role::viewer});
  must(f.server->set_access(std::move(may)));
  CHECK(eventually([&] { return f.connect("ann").has_value(); }));
  CHECK(eventually([&] { return !viewer->flush(100ms); }));
  CHECK_FALSE(f.connect("viewer"));
}

TEST_CASE("who may ask for migrations is acknowledged, who may not is not") {
  guarded f;
  f.make_streams();
  for (const auto role :
       {bus_role::coordinator, bus_role::scanner, bus_role::agent, bus_role::requester})
    CHECK(can_ask(*f.as(role), std::string{to_string(role)}));
  for (const auto role : {bus_role::fleet, bus_role::notifier, bus_role::console, bus_role::viewer})
    CHECK_FALSE(can_ask(*f.as(role), std::string{to_string(role)}));
}

TEST_CASE("a worker's request is answered, and no other role can make or hear one") {
  guarded f;
  const auto owner = f.as(bus_role::coordinator);
  const auto subject = must(subjects::fleet_lease("local"));
  const auto serving = must(owner->subscribe(
      subject, {}, [&](const message& call) { (void)owner->respond(call, "leased"); }));
  CHECK(must(f.as(bus_role::fleet)->request(subject, "?", 10s)).data == "leased");
  CHECK_FALSE(f.as(bus_role::viewer)->request(subject, "?", patience));
  CHECK_FALSE(f.as(bus_role::notifier)->request(subject, "?", patience));
  CHECK(denied_to_hear(f, bus_role::viewer, "skein.v1.fleet.>") == "denied");
  CHECK(denied_to_hear(f, bus_role::fleet, "_INBOX.>") == "denied");
  CHECK(denied_to_hear(f, bus_role::console, "_INBOX.coordinator.>") == "denied");
}

TEST_CASE("the scanner answers who asks it to run, and the console may ask") {
  guarded f;
  const auto scanner = f.as(bus_role::scanner);
  const auto serving
      = must(scanner->subscribe(subjects::scanner_run, "scanner", [&](const message& call) {
          (void)scanner->respond(call, "scanning");
        }));
  CHECK(must(f.as(bus_role::console)->request(subjects::scanner_run, "{}", 10s)).data
        == "scanning");
  CHECK(must(f.as(bus_role::coordinator)->request(subjects::scanner_run, "{}", 10s)).data
        == "scanning");
  CHECK_FALSE(f.as(bus_role::viewer)->request(subjects::scanner_run, "{}", patience));
}

TEST_CASE("the console sees all streams") {
  guarded f;
  f.make_streams();
  const auto link = f.as(bus_role::console);
  for (const auto& stream : streams::all({subjects::actions}))
    CHECK(link->stream_info(stream.name));
}

TEST_CASE("viewers follow what happened, and can neither add to it nor take from a queue") {
  guarded f;
  f.make_streams();
  const auto subject = must(subjects::status("movies", "requested"));
  must(f.as(bus_role::coordinator)->publish_durable(subject, "it", "1", {}, 10s));
  for (const auto role : {bus_role::viewer, bus_role::requester, bus_role::console}) {
    const auto link = f.as(role);
    std::atomic<int> heard{0};
    const auto following
        = must(link->follow({.stream = streams::status}, [&](const auto&, auto) { ++heard; }));
    CHECK(eventually([&] { return heard == 1; }));
    CHECK_FALSE(link->publish_durable(subject, "lie", "2", {}, patience));
    CHECK_FALSE(link->consume({.stream = streams::notify, .durable = "thief"}));
  }
}

TEST_CASE("an agent tells an owner, also when nobody has made the stream yet") {
  guarded f;
  const auto link = f.as(bus_role::agent);
  for (const auto& stream : streams::all({subjects::actions}))
    CHECK(link->ensure_stream(stream).has_value() == (stream.name == streams::told));
  must(link->publish_durable(must(subjects::told("group:default/film")), "it", "1", {}, 10s));
  CHECK(must(f.as(bus_role::viewer)->stream_info(streams::told)).messages == 1);
}

TEST_CASE("the notifier takes its notices, and makes their stream again when it is gone") {
  guarded f;
  const auto link = f.as(bus_role::notifier);
  for (const auto& stream : streams::all({subjects::actions}))
    CHECK(link->ensure_stream(stream).has_value() == (stream.name == streams::notify));
  const auto subject = must(subjects::notify("email"));
  must(f.as(bus_role::coordinator)->publish_durable(subject, "tell", "1", {}, 10s));
  const auto queue = must(link->consume({.stream = streams::notify, .durable = "notifier"}));
  const auto got = must(queue->fetch(1, 10s));
  REQUIRE(got.size() == 1);
  must(got[0].ack());
  CHECK(eventually([&] {
    return must(f.as(bus_role::coordinator)->stream_info(streams::notify)).messages == 0;
  }));
}
