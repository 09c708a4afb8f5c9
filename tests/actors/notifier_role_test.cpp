#include "actors/notifier_role.hpp"

#include "cluster/subjects.hpp"
#include "events/bus.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <mutex>

using namespace skein;
using namespace skein::actors;

namespace {

struct notifier_role_fixture : tests::nats_fixture {
  config::workspace space;
  std::mutex guard;
  std::vector<skein::bus::report::item> told;
  std::vector<cluster::subscription> coordinator;

  notifier_role_fixture() {
    using namespace cluster::subjects;
    space.root = folder.path();
    space.state = folder.path() / ".skein";
    space.notifications.outbox = folder.path() / "outbox";
    config::agent agent;
    agent.name = "email-sender";
    agent.channel = "email";
    // Keeps each input in a file, and says of every migration that it was told.
    agent.command = {"/bin/sh", "-c",
                     "mkdir -p $SKEIN_OUTBOX; cat >$SKEIN_OUTBOX/$SKEIN_DIGEST.json; "
                     R"(echo '{"output":{"results":{"movies@v2":{"told":["a@x"]}}}}')"};
    space.agents.emplace(agent.name, agent);
    tests::must(bus->ensure_stream({.name = cluster::streams::notify,
                                    .subjects = {notify_all},
                                    .retention = cluster::retention_policy::work_queue}));
    coordinator.push_back(tests::must(
        bus->subscribe(*fleet_heartbeat("notifier"), {}, [this](const cluster::message& call) {
          (void)bus->respond(call, encode(skein::bus::heartbeat_reply{}));
        })));
    coordinator.push_back(tests::must(
        bus->subscribe(*fleet_report("notifier"), {}, [this](const cluster::message& call) {
          const auto what = skein::bus::decode<skein::bus::report>(call.data);
          const std::lock_guard lock{guard};
          told.insert(told.end(), what->items.begin(), what->items.end());
          (void)bus->respond(
              call, encode(skein::bus::report_reply{{what->items.size(), {true, false, {}}}}));
        })));
  }

  std::unique_ptr<notifier_role> start() {
    return tests::must(notifier_role::start(
        {.space = &space, .bus = bus.get(), .metadata_api = {}, .nats_url = {}}));
  }

  void publish(const std::string& dataset, const std::string& step, uint32_t size) {
    skein::bus::notice what;
    what.migration = dataset + "@v2";
    what.subject = {migration::subject_kind::dataset, dataset, "v1", "v2"};
    what.kind = step.empty() ? "held" : "completed";
    what.digest = "scan-1-email";
    what.digest_size = size;
    what.step = step;
    what.epoch = step.empty() ? 0 : 4;
    tests::must(bus->publish_durable(*cluster::subjects::notify("email"), encode(what),
                                     what.digest + what.migration, {}, std::chrono::seconds{5}));
  }

  std::size_t count_told() {
    const std::lock_guard lock{guard};
    return told.size();
  }

  bool is_queue_empty() {
    const auto info = bus->stream_info(cluster::streams::notify);
    return info && info->messages == 0;
  }

  bool is_in_outbox(const std::string& text) const {
    std::ifstream file{space.notifications.outbox / "scan-1-email.json"};
    const std::string all{std::istreambuf_iterator<char>{file}, {}};
    return all.find(text) != all.npos;
  }
};

} // namespace

TEST_CASE_METHOD(notifier_role_fixture, "notices on the bus are told in one run and acknowledged") {
  const auto role = start();
  publish("movies", "notify-consumers", 2);
  publish("cars", "", 2);
  CHECK(tests::eventually([&] { return count_told() == 2; }));
  CHECK(tests::eventually([&] { return is_queue_empty(); }));
  CHECK(is_in_outbox("movies@v2"));
  CHECK(is_in_outbox("cars@v2"));
}

TEST_CASE_METHOD(notifier_role_fixture, "what one notifier did not tell, the next one tells") {
  auto role = start();
  publish("movies", "notify-consumers", 2);
  // Fetched, but its digest is not complete: it goes back when the role ends.
  role.reset();
  CHECK_FALSE(is_queue_empty());
  role = start();
  publish("cars", "", 2);
  CHECK(tests::eventually([&] { return count_told() == 2; }));
  CHECK(tests::eventually([&] { return is_queue_empty(); }));
}

TEST_CASE_METHOD(notifier_role_fixture, "notices survive the bus being killed") {
  const auto role = start();
  publish("movies", "notify-consumers", 2);
  kill_server();
  wait_for_server();
  publish("cars", "", 2);
  CHECK(tests::eventually([&] { return count_told() == 2; }));
  CHECK(tests::eventually([&] { return is_queue_empty(); }, std::chrono::seconds{60}));
}
