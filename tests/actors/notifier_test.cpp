#include "actors/notifier.hpp"

#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/recording_runner.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

/// What became of one delivery.
struct fate_of_notice {
  int acks = 0;
  int touches = 0;
  std::vector<std::chrono::milliseconds> naks;
};

bus::notice step_notice(const std::string& dataset, uint32_t size, uint64_t epoch = 4) {
  bus::notice what;
  what.migration = dataset + "@v2";
  what.subject = {migration::subject_kind::dataset, dataset, "v1", "v2"};
  what.kind = "completed";
  what.digest = "scan-1";
  what.digest_size = size;
  what.step = "notify-consumers";
  what.attempt = 1;
  what.epoch = epoch;
  return what;
}

bus::notice rest_notice(const std::string& dataset, uint32_t size) {
  auto what = step_notice(dataset, size, 0);
  what.kind = "held";
  what.step.clear();
  what.attempt = 0;
  return what;
}

struct notifier_fixture : tests::actor_fixture {
  test::recorded_port<bus::report, bus::report_reply> report;
  test::recorded_port<bus::heartbeat, bus::heartbeat_reply> heartbeat;
  std::shared_ptr<test::recording_runner> runs = std::make_shared<test::recording_runner>();
  std::map<uint64_t, std::shared_ptr<fate_of_notice>> fates;
  std::vector<bus::agent_line> said;
  notifier_actor hdl = own(sys.spawn(notifier, options(),
                                     notifier_ports{report.port(), heartbeat.port(),
                                                    [this](bus::agent_line line) {
                                                      if (line.stream == "result")
                                                        said.push_back(std::move(line));
                                                    }},
                                     worker_facts{"notifier", "/bin", "/w", "/w/work", {}}, runs));

  static notifier_options options() {
    config::agent agent;
    agent.name = "email-sender";
    agent.command = {"email-sender"};
    agent.channel = "email";
    notifier_options made;
    made.agents.emplace("email", agent);
    agent.channel = "chat";
    made.agents.emplace("chat", agent);
    made.quiet_for = [](const std::string& kind) { return kind == "parked" ? 3h : 0h; };
    return made;
  }

  /// Delivers a message of the stream, perhaps again.
  fate_of_notice& deliver(uint64_t sequence, bus::notice what, uint64_t deliveries = 1,
                          const std::string& channel = "email") {
    auto& found = fates[sequence];
    if (!found)
      found = std::make_shared<fate_of_notice>();
    caf::anon_send(hdl, notice_delivery{channel, std::move(what), sequence, deliveries,
                                        [f = found] { ++f->acks; },
                                        [f = found](auto delay) { f->naks.push_back(delay); },
                                        [f = found] { ++f->touches; }});
    settle();
    return *found;
  }

  void answer_heartbeat(std::vector<uint32_t> revoked = {}) {
    heartbeat.answer(bus::heartbeat_reply{std::move(revoked)});
    settle();
  }
  void end(std::size_t run, std::variant<migration::success, migration::setback> how) {
    runs->all.at(run)->end(std::move(how));
    settle();
  }
  void accept(std::size_t count) {
    report.answer(bus::report_reply{{count, {true, false, {}}}});
    settle();
  }
  nlohmann::json input(std::size_t run) {
    return nlohmann::json::parse(runs->all.at(run)->what.input);
  }
};

} // namespace

TEST_CASE_METHOD(notifier_fixture, "a digest is told in one run, and acknowledged by the verdict") {
  auto& movies = deliver(1, step_notice("movies", 2));
  CHECK(runs->all.empty());
  auto& cars = deliver(2, rest_notice("cars", 2));
  REQUIRE(heartbeat.open() >= 1);
  while (heartbeat.open() > 0)
    answer_heartbeat();
  REQUIRE(runs->all.size() == 1);
  CHECK(input(0)["digest"] == "scan-1");
  CHECK(input(0)["notices"].size() == 2);
  end(0, migration::success{R"({"results":{"movies@v2":{"told":["a@x"]}}})", {}, {}});
  REQUIRE(report.open() == 1);
  const auto& items = report.all[0].what.items;
  CHECK(report.all[0].what.worker == "notifier");
  REQUIRE(items.size() == 2);
  CHECK(items[0].result.step == "notify-consumers");
  CHECK(items[0].result.epoch == 4);
  CHECK(nlohmann::json::parse(std::get<migration::success>(items[0].result.outcome).output)
        == nlohmann::json::parse(R"({"told":["a@x"],"digest":"scan-1"})"));
  CHECK(items[1].migration == "cars@v2");
  CHECK(items[1].result.step.empty());
  CHECK(movies.acks + cars.acks == 0);
  accept(2);
  CHECK(movies.acks == 1);
  CHECK(cars.acks == 1);
}

TEST_CASE_METHOD(notifier_fixture, "a digest that stays incomplete is told after half a minute") {
  deliver(1, rest_notice("movies", 2));
  pass(29'900ms);
  CHECK(runs->all.empty());
  pass(100ms);
  REQUIRE(runs->all.size() == 1);
  CHECK(heartbeat.all.empty());
  end(0, migration::success{});
  accept(1);
  // The rest must not replace what was told under the same id.
  deliver(2, rest_notice("cars", 2));
  pass(30s);
  REQUIRE(runs->all.size() == 2);
  CHECK(input(1)["digest"] == "scan-1-2");
}

TEST_CASE_METHOD(notifier_fixture, "attempts that no longer count are not told") {
  auto& movies = deliver(1, step_notice("movies", 2));
  auto& cars = deliver(2, step_notice("cars", 2));
  while (heartbeat.open() > 1)
    answer_heartbeat();
  REQUIRE(heartbeat.all.back().what.leases.size() == 2);
  CHECK(runs->all.empty());
  answer_heartbeat({0});
  CHECK(movies.acks == 1);
  REQUIRE(runs->all.size() == 1);
  CHECK(input(0)["notices"].size() == 1);
  CHECK(input(0)["notices"][0]["dataset"] == "cars");
  CHECK(cars.acks == 0);
}

TEST_CASE_METHOD(notifier_fixture, "nothing is told before the coordinator said what counts") {
  deliver(1, step_notice("movies", 1));
  heartbeat.answer(fail("nobody there"));
  settle();
  CHECK(runs->all.empty());
  pass(100ms);
  REQUIRE(heartbeat.open() == 1);
  answer_heartbeat();
  CHECK(runs->all.size() == 1);
}

TEST_CASE_METHOD(notifier_fixture, "while it is held, a notice is kept alive on the bus") {
  auto& movies = deliver(1, step_notice("movies", 2));
  const auto before = movies.touches;
  pass(20s);
  CHECK(movies.touches == before + 2);
  CHECK(heartbeat.all.size() >= 4);
  CHECK(heartbeat.all.back().what.leases.at(0).epoch == 4);
}

TEST_CASE_METHOD(notifier_fixture, "a failed run fails its steps and gives the rest back later") {
  auto& movies = deliver(1, step_notice("movies", 2));
  auto& cars = deliver(2, rest_notice("cars", 2), 3);
  while (heartbeat.open() > 0)
    answer_heartbeat();
  end(0, migration::setback{error_class::transient, "mail server is busy"});
  REQUIRE(report.open() == 1);
  REQUIRE(report.all[0].what.items.size() == 1);
  CHECK(std::get<migration::setback>(report.all[0].what.items[0].result.outcome).why
        == "mail server is busy");
  CHECK(cars.naks == std::vector<std::chrono::milliseconds>{2min});
  accept(1);
  CHECK(movies.acks == 1);
  CHECK(cars.acks == 0);
  // The same digest once more, as it was never told.
  deliver(2, rest_notice("cars", 1), 4);
  REQUIRE(runs->all.size() == 2);
  CHECK(input(1)["digest"] == "scan-1");
}

TEST_CASE_METHOD(notifier_fixture, "an agent that cannot run fails the digest at once") {
  runs->refusal = migration::setback{error_class::permanent, "no email-sender on PATH"};
  auto& cars = deliver(1, rest_notice("cars", 1));
  CHECK(cars.naks == std::vector<std::chrono::milliseconds>{30s});
  runs->refusal.reset();
  deliver(1, rest_notice("cars", 1), 2);
  CHECK(runs->all.size() == 1);
}

TEST_CASE_METHOD(notifier_fixture, "repeats are told once") {
  auto& first = deliver(1, rest_notice("movies", 2));
  auto& published_twice = deliver(2, rest_notice("movies", 2));
  CHECK(published_twice.acks == 1);
  deliver(1, rest_notice("movies", 2), 2);
  CHECK(first.acks == 0);
  CHECK(runs->all.empty());
  deliver(3, rest_notice("cars", 2));
  REQUIRE(runs->all.size() == 1);
  CHECK(input(0)["notices"].size() == 2);
  end(0, migration::success{});
  accept(2);
  CHECK(first.acks == 1);
  auto& late = deliver(4, rest_notice("movies", 2));
  CHECK(late.acks == 1);
  CHECK(runs->all.size() == 1);
}

TEST_CASE_METHOD(notifier_fixture, "a run that nobody waits for any more is ended") {
  deliver(1, step_notice("movies", 1));
  while (heartbeat.open() > 0)
    answer_heartbeat();
  REQUIRE(runs->all.size() == 1);
  pass(5s);
  answer_heartbeat({0});
  CHECK(runs->all[0]->is_told_to_stop);
  end(0, migration::setback{error_class::lost, "stopped"});
  CHECK(report.all.empty());
}

TEST_CASE_METHOD(notifier_fixture, "a stopping notifier gives back what is not told") {
  auto& gathering = deliver(1, step_notice("movies", 2));
  auto other = rest_notice("cars", 1);
  other.digest = "scan-2";
  auto& running = deliver(2, other);
  REQUIRE(runs->all.size() == 1);
  caf::anon_send(hdl, atom::stop_v);
  settle();
  CHECK(runs->all[0]->is_told_to_stop);
  end(0, migration::setback{error_class::lost, "stopped"});
  CHECK(gathering.naks.size() == 1);
  CHECK(running.naks.size() == 1);
  CHECK(running.acks == 0);
}

TEST_CASE_METHOD(notifier_fixture, "two channels tell the same migration, each for itself") {
  const auto on = [](const std::string& channel) {
    auto what = rest_notice("cars", 1);
    what.digest = "scan-1-" + channel;
    what.telling = {3, channel, {"chat", "email"}, 24h, {}, {}};
    return what;
  };
  auto& chat = deliver(1, on("chat"), 1, "chat");
  auto& email = deliver(2, on("email"));
  REQUIRE(runs->all.size() == 2);
  end(0, migration::success{});
  end(1, migration::success{});
  REQUIRE(report.open() == 1);
  const auto& told = report.all[0].what.items.at(0);
  CHECK(told.telling.channel == "chat");
  CHECK(told.telling.number == 3);
  CHECK(told.telling.remind_after == 24h);
  CHECK(told.telling.digest == "scan-1-chat");
  accept(1);
  CHECK(chat.acks == 1);
  CHECK(email.acks == 0);
  accept(1);
  CHECK(report.all[1].what.items.at(0).telling.channel == "email");
  CHECK(email.acks == 1);
}

TEST_CASE_METHOD(notifier_fixture, "copies are acknowledged once they are told, and not reported") {
  auto copy = rest_notice("movies", 2);
  copy.kind = "completed";
  copy.is_copy = true;
  auto& first = deliver(1, copy);
  auto& other = deliver(2, rest_notice("cars", 2));
  REQUIRE(runs->all.size() == 1);
  end(0, migration::success{});
  CHECK(first.acks == 1);
  CHECK(other.acks == 0);
  CHECK(report.all.at(0).what.items.size() == 1);
  accept(1);
  CHECK(other.acks == 1);
  CHECK(deliver(3, copy).acks == 1);
  // Alone, and told only at the second try.
  copy.digest = "scan-2";
  copy.digest_size = 1;
  auto& alone = deliver(4, copy);
  end(1, migration::setback{error_class::transient, "busy"});
  CHECK(alone.naks.size() == 1);
  deliver(4, copy, 2);
  end(2, migration::success{});
  CHECK(alone.acks == 1);
  CHECK(report.all.size() == 1);
}

TEST_CASE_METHOD(notifier_fixture, "a copy that cannot be told is given up at last") {
  auto copy = rest_notice("movies", 1);
  copy.is_copy = true;
  auto& refused = deliver(1, copy);
  end(0, migration::setback{error_class::permanent, "no such channel"});
  CHECK(refused.acks == 1);
  copy.digest = "scan-2";
  auto& unlucky = deliver(2, copy, 9);
  end(1, migration::setback{error_class::transient, "busy"});
  CHECK(unlucky.acks == 0);
  CHECK(unlucky.naks.size() == 1);
  deliver(2, copy, 10);
  end(2, migration::setback{error_class::transient, "busy"});
  CHECK(unlucky.acks == 1);
}

TEST_CASE_METHOD(notifier_fixture, "how a digest went is said to whoever listens") {
  deliver(1, rest_notice("cars", 1));
  end(0, migration::success{R"({"mails":[]})", {}, {}});
  deliver(2, [] {
    auto other = rest_notice("movies", 1);
    other.digest = "scan-2";
    return other;
  }());
  end(1, migration::setback{error_class::transient, "busy"});
  REQUIRE(said.size() == 2);
  CHECK(said[0].agent == "email-sender");
  CHECK(said[0].stream == "result");
  CHECK(nlohmann::json::parse(said[0].text)
        == nlohmann::json::parse(
            R"({"digest":"scan-1","channel":"email","ok":true,"output":{"mails":[]}})"));
  CHECK(nlohmann::json::parse(said[1].text)
        == nlohmann::json::parse(R"({"digest":"scan-2","channel":"email","ok":false,
                                     "class":"transient","why":"busy"})"));
}

TEST_CASE_METHOD(notifier_fixture, "in quiet hours what comes is given back until they are over") {
  auto quiet = rest_notice("cars", 1);
  quiet.kind = "parked";
  auto& waiting = deliver(1, quiet);
  CHECK(waiting.naks == std::vector<std::chrono::milliseconds>{3h});
  CHECK(runs->all.empty());
  // With something urgent in it a digest is told as a whole.
  quiet.digest = "scan-2";
  quiet.digest_size = 2;
  auto& beside = deliver(2, quiet);
  auto urgent = rest_notice("movies", 2);
  urgent.digest = "scan-2";
  deliver(3, urgent);
  CHECK(beside.naks.empty());
  CHECK(runs->all.size() == 1);
}
