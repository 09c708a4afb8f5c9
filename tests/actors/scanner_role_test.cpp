#include "actors/scanner_role.hpp"

#include "actors/scanner.hpp"
#include "cluster/subjects.hpp"
#include "events/bus.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <catch2/catch.hpp>
#include <future>
#include <mutex>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;

namespace {

struct scanner_role_fixture : tests::nats_fixture {
  config::workspace space;
  std::mutex guard;
  std::vector<skein::bus::agent_line> lines;
  std::vector<cluster::subscription> listening;

  scanner_role_fixture() {
    space.root = folder.path();
    space.state = folder.path() / ".skein";
    config::agent agent;
    agent.name = "dataset-scanner";
    agent.schedule = config::schedule{*config::parse_cron("0 */6 * * *"), "UTC"};
    agent.command = {"/bin/sh", "-c", R"(echo '{"output":{"said":"'$SKEIN_SCAN_ID'"}}')"};
    space.agents.emplace(agent.name, agent);
    listening.push_back(tests::must(bus->subscribe(
        *cluster::subjects::agent_log(agent.name), {}, [this](const cluster::message& said) {
          const std::lock_guard lock{guard};
          lines.push_back(
              *skein::bus::decode<skein::bus::agent_line>(said.data, skein::bus::encoding::json));
        })));
  }

  std::unique_ptr<scanner_role> start() {
    return tests::must(scanner_role::start(
        {.space = &space, .bus = bus.get(), .metadata_api = {}, .nats_url = server->url()}));
  }

  nlohmann::json ask(const std::string& request) {
    const auto reply = tests::must(
        bus->request(cluster::subjects::scanner_run, request, std::chrono::seconds{10}));
    return nlohmann::json::parse(reply.data);
  }

  nlohmann::json result() {
    REQUIRE(tests::eventually([&] {
      const std::lock_guard lock{guard};
      return !lines.empty() && lines.back().stream == "result";
    }));
    const std::lock_guard lock{guard};
    return nlohmann::json::parse(lines.back().text);
  }
};

} // namespace

TEST_CASE_METHOD(scanner_role_fixture,
                 "a scan is started over the bus, and its end is told there") {
  const auto role = start();
  const auto reply = ask("{}");
  CHECK(reply["started"] == nlohmann::json{"dataset-scanner"});
  const auto told = result();
  CHECK(told["ok"] == true);
  CHECK(told["scan"] == reply["scan"]);
  CHECK(told["output"]["said"] == reply["scan"]);
  CHECK(std::filesystem::exists(space.state / "scanner.json"));
}

TEST_CASE_METHOD(scanner_role_fixture, "a request that makes no sense is answered with why") {
  const auto role = start();
  for (const auto* bad : {"[", "[]", R"({"agent":1})", R"({"agent":"nobody"})"})
    CHECK_FALSE(ask(bad)["error"].get<std::string>().empty());
}

TEST_CASE_METHOD(scanner_role_fixture, "a scan is started in the process") {
  const auto role = start();
  std::promise<scan_reply> got;
  role->run_now("dataset-scanner", [&](const scan_reply& reply) { got.set_value(reply); });
  const auto reply = got.get_future().get();
  CHECK(reply.started == std::vector<std::string>{"dataset-scanner"});
  CHECK(result()["scan"] == reply.scan);
}

TEST_CASE_METHOD(scanner_role_fixture, "a scanner ends with its runs") {
  auto& agent = space.agents.at("dataset-scanner");
  agent.command = {"/bin/sh", "-c", "sleep 60"};
  auto role = start();
  CHECK(ask("{}")["started"].size() == 1);
  role.reset();
  CHECK(std::filesystem::is_empty(space.state / "work" / "scanner"));
}
