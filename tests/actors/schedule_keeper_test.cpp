#include "actors/last_runs_file.hpp"
#include "actors/schedule_keeper.hpp"
#include "tests/actors/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fstream>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using config::missed_policy;
using config::overlap_policy;

namespace {

using names = std::vector<std::string>;

/// Noon of some day; the schedules below are hourly.
const config::utc_time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h};

std::vector<config::agent> hourly(overlap_policy overlap, missed_policy missed) {
  config::agent agent;
  agent.name = "scanner";
  agent.schedule = config::schedule{*config::parse_cron("0 * * * *"), "UTC", overlap, missed};
  return {agent};
}

schedule_keeper keeper(overlap_policy overlap = overlap_policy::skip,
                       missed_policy missed = missed_policy::run_once, const last_runs& last = {},
                       config::utc_time now = noon) {
  return {hourly(overlap, missed), last, now};
}

} // namespace

TEST_CASE("a scheduled agent starts when it is due, and once") {
  auto all = keeper();
  auto plan = all.look(noon);
  CHECK(plan.start.empty());
  CHECK(plan.next == noon + 1h);
  CHECK(all.look(noon + 59min).start.empty());
  plan = all.look(noon + 1h);
  CHECK(plan.start == names{"scanner"});
  CHECK(plan.next == noon + 2h);
  CHECK(all.look(noon + 1h).start.empty());
  CHECK(all.last().at("scanner") == noon + 1h);
}

TEST_CASE("a run that is due while the last one still runs is skipped, queued or allowed") {
  auto skip = keeper(overlap_policy::skip);
  auto queue = keeper(overlap_policy::queue);
  auto allow = keeper(overlap_policy::allow);
  for (auto* each : {&skip, &queue, &allow})
    REQUIRE(each->look(noon + 1h).start == names{"scanner"});
  CHECK(skip.look(noon + 2h).start.empty());
  CHECK(skip.look(noon + 3h).skipped == names{"scanner"});
  CHECK(queue.look(noon + 2h).start.empty());
  CHECK(queue.look(noon + 3h).start.empty());
  CHECK(allow.look(noon + 2h).start == names{"scanner"});
  for (auto* each : {&skip, &queue, &allow})
    each->ended("scanner");
  CHECK(skip.look(noon + 3h + 1min).start.empty());
  // Two were due meanwhile; one of them is made up for.
  CHECK(queue.look(noon + 3h + 1min).start == names{"scanner"});
  queue.ended("scanner");
  CHECK(queue.look(noon + 3h + 2min).start.empty());
  CHECK(skip.look(noon + 4h).start == names{"scanner"});
}

TEST_CASE("a run on demand is in the way of a scheduled one") {
  auto all = keeper();
  all.started("scanner");
  CHECK(all.look(noon + 1h).start.empty());
  all.ended("scanner");
  CHECK(all.look(noon + 2h).start == names{"scanner"});
}

TEST_CASE("what was missed is made up for once, or not at all") {
  const last_runs five_hours_ago{{"scanner", noon - 5h}};
  auto once = keeper(overlap_policy::skip, missed_policy::run_once, five_hours_ago, noon + 30min);
  auto plan = once.look(noon + 30min);
  CHECK(plan.start == names{"scanner"});
  CHECK(plan.next == noon + 1h);
  CHECK(once.look(noon + 30min).start.empty());
  auto skip = keeper(overlap_policy::skip, missed_policy::skip, five_hours_ago, noon + 30min);
  plan = skip.look(noon + 30min);
  CHECK(plan.start.empty());
  CHECK(plan.skipped == names{"scanner"});
  CHECK(skip.look(noon + 1h).start == names{"scanner"});
}

TEST_CASE("a run that is a little late is not missed") {
  auto all = keeper(overlap_policy::skip, missed_policy::skip);
  CHECK(all.look(noon + 1h + 60s).start == names{"scanner"});
  all.ended("scanner");
  CHECK(all.look(noon + 2h + 61s).start.empty());
}

TEST_CASE("a clock that is set back does not stop a schedule for long") {
  auto all = keeper(overlap_policy::skip, missed_policy::run_once, {{"scanner", noon + 1000h}});
  CHECK(all.look(noon + 1h).start == names{"scanner"});
}

TEST_CASE("a schedule that was not looked at for years is answered at once") {
  config::agent agent;
  agent.name = "busy";
  agent.schedule = config::schedule{*config::parse_cron("* * * * *"), "UTC"};
  schedule_keeper all{{agent}, {{"busy", noon - 24h * 3000}}, noon};
  const auto plan = all.look(noon);
  CHECK(plan.start == names{"busy"});
  CHECK(plan.next == noon + 1min);
}

TEST_CASE("an unknown time zone is said, and stops no other schedule") {
  auto agents = hourly(overlap_policy::skip, missed_policy::run_once);
  auto lost = agents.front();
  lost.name = "lost";
  lost.schedule->time_zone = "Atlantis/Capital";
  agents.insert(agents.begin(), lost);
  schedule_keeper all{agents, {}, noon};
  const auto plan = all.look(noon + 1h);
  CHECK(plan.start == names{"scanner"});
  REQUIRE(plan.trouble.size() == 1);
  CHECK_THAT(plan.trouble[0], Catch::Contains("agent lost") && Catch::Contains("Atlantis"));
}

TEST_CASE("last runs survive in their file, which is never half-written") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "scanner.json";
  CHECK(load_last_runs(file)->empty());
  const last_runs first{{"a", noon}, {"b \"quoted\"", noon + 1h}};
  REQUIRE(save_last_runs(file, first));
  CHECK(*load_last_runs(file) == first);
  REQUIRE(save_last_runs(file, {{"a", noon + 2h}}));
  CHECK(load_last_runs(file)->size() == 1);
  std::ofstream{file} << "{";
  CHECK_FALSE(load_last_runs(file));
  CHECK_FALSE(save_last_runs(folder.path() / "none" / "x.json", first));
}
