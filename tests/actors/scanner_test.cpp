#include "actors/scanner.hpp"

#include "tests/actors/actor_fixture.hpp"
#include "tests/actors/recording_runner.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;

namespace {

struct scanner_fixture : tests::actor_fixture {
  std::vector<bus::agent_line> said;
  std::vector<last_runs> saved;
  std::shared_ptr<test::recording_runner> runs = std::make_shared<test::recording_runner>();
  scanner_actor hdl
      = own(sys.spawn(scanner, options(), ports(),
                      worker_facts{"host/scanner", "/bin", "/w", "/w/work", {}}, runs, world()));

  scanner_fixture() { settle(); }

  scanner_ports ports() {
    return {[this](bus::agent_line line) { said.push_back(std::move(line)); },
            [this](const last_runs& what) -> expected<void> {
              // What is due must be remembered before it is started.
              CHECK(runs->all.size() <= saved.size());
              saved.push_back(what);
              return {};
            }};
  }

  static scanner_options options() {
    scanner_options made;
    for (const auto* name : {"dataset-scanner", "other"}) {
      config::agent agent;
      agent.name = name;
      agent.command = {name, "${SKEIN_SCAN_ID}"};
      made.agents.push_back(agent);
    }
    made.agents[0].schedule = config::schedule{*config::parse_cron("*/10 * * * *"), "UTC"};
    return made;
  }

  scan_reply call(const std::string& agent) {
    std::optional<scan_reply> got;
    caf::anon_send(hdl, scan_call{agent, [&](const scan_reply& reply) { got = reply; }});
    settle();
    REQUIRE(got);
    return *got;
  }

  void end(std::size_t run, std::variant<migration::success, migration::setback> how) {
    runs->all.at(run)->end(std::move(how));
    settle();
  }

  std::string scan_of(std::size_t run) { return runs->all.at(run)->what.argv.at(1); }
  nlohmann::json told() { return nlohmann::json::parse(said.at(said.size() - 1).text); }
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(scanner_fixture, "an agent with a schedule runs by it, each time as a new scan") {
  CHECK(runs->all.empty());
  pass(10min + 1s);
  REQUIRE(runs->all.size() == 1);
  CHECK(runs->all[0]->what.agent == "dataset-scanner");
  CHECK_THAT(scan_of(0), Catch::Matches("scan-[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}"));
  end(0, migration::success{R"({"published":3})", {}, {}});
  CHECK(said.back().stream == "result");
  CHECK(said.back().agent == "dataset-scanner");
  CHECK(told()
        == nlohmann::json{{"scan", scan_of(0)}, {"ok", true}, {"output", {{"published", 3}}}});
  pass(10min);
  REQUIRE(runs->all.size() == 2);
  CHECK(scan_of(0) != scan_of(1));
  CHECK(saved.size() == 3);
}

TEST_CASE_METHOD(scanner_fixture, "a run that asks for it is tried once more, as the same scan") {
  call("");
  end(0, migration::setback{error_class::transient, "store is away"});
  CHECK(said.empty());
  pass(29'900ms);
  CHECK(runs->all.size() == 1);
  // It still counts as running.
  CHECK(call("").started.empty());
  pass(100ms);
  REQUIRE(runs->all.size() == 2);
  CHECK(scan_of(0) == scan_of(1));
  end(1, migration::setback{error_class::transient, "store is still away"});
  CHECK(told()["ok"] == false);
  CHECK(told()["why"] == "store is still away");
  pass(1min);
  CHECK(runs->all.size() == 2);
}

TEST_CASE_METHOD(scanner_fixture, "other failures wait for the schedule") {
  call("");
  end(0, migration::setback{error_class::permanent, "bad option"});
  CHECK(told()["class"] == "permanent");
  pass(1min);
  CHECK(runs->all.size() == 1);
}

TEST_CASE_METHOD(scanner_fixture, "an agent is run on demand, unless it already runs") {
  const auto first = call("");
  CHECK(first.started == names{"dataset-scanner"});
  CHECK(first.scan == scan_of(0));
  const auto again = call("dataset-scanner");
  CHECK(again.started.empty());
  CHECK(again.running == names{"dataset-scanner"});
  CHECK(again.scan == first.scan);
  CHECK(call("other").started == names{"other"});
  CHECK(runs->all.size() == 2);
  CHECK_THAT(call("nobody").error, Catch::Contains("no agent nobody"));
  end(0, migration::success{});
  CHECK(call("").started == names{"dataset-scanner"});
}

TEST_CASE_METHOD(scanner_fixture,
                 "an agent that cannot be started is told of, and not in the way") {
  runs->refusal = migration::setback{error_class::permanent, "no dataset-scanner on PATH"};
  call("");
  CHECK(told()["why"] == "no dataset-scanner on PATH");
  runs->refusal.reset();
  call("");
  CHECK(runs->all.size() == 1);
}

TEST_CASE_METHOD(scanner_fixture, "a stopping scanner ends its runs and starts no more") {
  call("");
  caf::anon_send(hdl, atom::stop_v);
  settle();
  CHECK(runs->all[0]->is_told_to_stop);
  CHECK_FALSE(call("other").error.empty());
  end(0, migration::setback{error_class::lost, "stopped"});
  CHECK(runs->all[0]->is_gone);
  pass(20min);
  CHECK(runs->all.size() == 1);
}
