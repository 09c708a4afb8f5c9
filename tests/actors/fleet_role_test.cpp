#include "actors/fleet_role.hpp"

#include "cluster/subjects.hpp"
#include "events/bus.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <mutex>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

/// The least that a pool has to do, on the real bus.
class small_pool {
public:
  small_pool(cluster::bus& link_) : link{link_} {
    using namespace cluster::subjects;
    hear<bus::lease_request>(*fleet_lease("default"), [&](const auto& what) {
      bus::lease_reply reply;
      while (!work.empty() && reply.assignments.size() < what.capacity) {
        reply.assignments.push_back(work.back());
        work.pop_back();
      }
      return encode(reply);
    });
    hear<bus::heartbeat>(*fleet_heartbeat("default"), [&](const auto& what) {
      ++beats;
      bus::heartbeat_reply reply;
      for (uint32_t i = 0; i < what.leases.size(); ++i)
        if (what.leases[i].migration == revoked)
          reply.revoked.push_back(i);
      return encode(reply);
    });
    hear<bus::report>(*fleet_report("default"), [&](const auto& what) {
      bus::report_reply reply;
      for (const auto& item : what.items) {
        results.insert_or_assign(item.migration, item.result);
        reply.verdicts.push_back({true, false, {}});
      }
      return encode(reply);
    });
  }

  template <class Call, class Handler>
  void hear(const std::string& subject, Handler handler) {
    subscriptions.push_back(tests::must(link.subscribe(subject, {}, [=, this](const auto& call) {
      const std::lock_guard lock{guard};
      const auto what = bus::decode<Call>(call.data);
      (void)link.respond(call, handler(*what));
    })));
  }

  bool has_result(const std::string& migration) {
    const std::lock_guard lock{guard};
    return results.contains(migration);
  }

  void give(bus::assignment one) {
    const std::lock_guard lock{guard};
    work.push_back(std::move(one));
  }

  cluster::bus& link;
  std::mutex guard;
  std::vector<bus::assignment> work;
  std::map<std::string, migration::finish_attempt> results;
  std::string revoked;
  int beats = 0;
  std::vector<cluster::subscription> subscriptions;
};

struct fleet_fixture : tests::nats_fixture {
  config::workspace space = make_space();
  std::unique_ptr<small_pool> pool = std::make_unique<small_pool>(*bus);

  config::workspace make_space() const {
    config::workspace made;
    made.root = folder.path();
    made.state = folder.path() / ".skein";
    made.fleet.slots = 2;
    made.fleet.lease_ttl = 3s;
    return made;
  }

  std::unique_ptr<fleet_role> start() {
    return tests::must(fleet_role::start({.space = &space, .bus = bus.get()}));
  }

  static skein::bus::assignment shell(const std::string& dataset, const std::string& script) {
    skein::bus::assignment work;
    work.migration = dataset + "@v2";
    work.subject = {migration::subject_kind::dataset, dataset, "v1", "v2"};
    work.step = "discover";
    work.agent = "dataset-scanner";
    work.attempt = 1;
    work.epoch = 3;
    work.lease_ttl = 3s;
    work.timeout = 1min;
    work.command = {"/bin/sh", "-c", script};
    return work;
  }

  template <class Outcome>
  Outcome result(const std::string& migration) {
    REQUIRE(tests::eventually([&] { return pool->has_result(migration); }));
    const std::lock_guard lock{pool->guard};
    REQUIRE(std::holds_alternative<Outcome>(pool->results.at(migration).outcome));
    return std::get<Outcome>(pool->results.at(migration).outcome);
  }

  std::string flag() const { return (folder.path() / "flag").string(); }
};

} // namespace

TEST_CASE_METHOD(fleet_fixture,
                 "a worker carries out what the bus brings, and says what it hears") {
  std::mutex guard;
  std::vector<skein::bus::agent_line> lines;
  const auto listening = tests::must(
      bus->subscribe(*cluster::subjects::agent_log("dataset-scanner"), {}, [&](const auto& said) {
        const std::lock_guard lock{guard};
        lines.push_back(
            *skein::bus::decode<skein::bus::agent_line>(said.data, skein::bus::encoding::json));
      }));
  pool->give(shell("movies", R"(echo looking; echo '{"output":{"id":"'$SKEIN_DATASET_ID'"}}')"));
  pool->give(shell("cars", "echo no such car >&2; exit 1"));
  const auto role = start();
  CHECK(result<migration::success>("movies@v2").output == R"({"id":"movies"})");
  CHECK(result<migration::setback>("cars@v2").why == "no such car");
  CHECK(tests::eventually([&] {
    const std::lock_guard lock{guard};
    return std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.text == "looking" && line.migration == "movies@v2" && line.stream == "stdout";
    });
  }));
}

TEST_CASE_METHOD(fleet_fixture, "an attempt whose lease is revoked is killed") {
  pool->give(shell("movies", "touch " + flag() + "; sleep 60"));
  const auto role = start();
  REQUIRE(tests::eventually([&] { return std::filesystem::exists(flag()); }));
  const auto work = space.state / "work" / "local";
  CHECK_FALSE(std::filesystem::is_empty(work));
  {
    const std::lock_guard lock{pool->guard};
    pool->revoked = "movies@v2";
  }
  CHECK(tests::eventually([&] { return std::filesystem::is_empty(work); }));
  CHECK_FALSE(pool->has_result("movies@v2"));
}

TEST_CASE_METHOD(fleet_fixture, "attempts go on while the bus is away, and are reported after") {
  pool->give(shell("movies", "touch " + flag() + "; while [ -e " + flag()
                                 + " ]; do sleep 0.02; done; echo '{\"output\":{}}'"));
  const auto role = start();
  REQUIRE(tests::eventually([&] { return std::filesystem::exists(flag()); }));
  kill_server();
  std::filesystem::remove(flag());
  CHECK(result<migration::success>("movies@v2").output == "{}");
}

TEST_CASE_METHOD(fleet_fixture, "a worker that ends takes its attempts along and says so") {
  pool->give(shell("movies", "touch " + flag() + "; sleep 60"));
  auto role = start();
  REQUIRE(tests::eventually([&] { return std::filesystem::exists(flag()); }));
  role.reset();
  const auto bad = result<migration::setback>("movies@v2");
  CHECK(bad.kind == error_class::lost);
  CHECK(bad.why == "the worker is shutting down");
}

TEST_CASE_METHOD(fleet_fixture, "what a dead worker left in its work folder is removed") {
  const auto left = space.state / "work" / "local" / "movies=40v2.discover.1";
  std::filesystem::create_directories(left);
  const auto role = start();
  CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE_METHOD(fleet_fixture, "a worker without a coordinator still ends at once") {
  pool.reset();
  auto role = start();
  role.reset();
  SUCCEED();
}
