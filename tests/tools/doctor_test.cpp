// What skein doctor makes of what it finds, without a machine that is broken in that way.
#include "tools/skein/doctor/checks.hpp"
#include "tools/skein/doctor/page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::console;
using namespace skein::console::doctor;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const time_point noon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 12h};

folder_facts a_disk() {
  folder_facts x;
  x.role = "state";
  x.path = "/w/.skein";
  x.exists = x.is_state = true;
  x.file_system = "ext4";
  x.free_bytes = 100ull << 30;
  x.free_inodes = x.inodes = 1'000'000;
  x.sync_time = 2ms;
  return x;
}

clock_facts a_clock() {
  clock_facts x;
  x.now = noon;
  x.is_synchronised = true;
  return x;
}

/// The one finding, which must be alone.
finding only(const findings& all) {
  REQUIRE(all.size() == 1);
  return all[0];
}

template <class Facts, class Change>
finding with(Facts x, Change change) {
  change(x);
  return only(check(x));
}

} // namespace

TEST_CASE("doctor: a disk is looked at for room, kind and speed") {
  const auto disk = [](auto change) { return with(a_disk(), change); };
  CHECK(disk([](auto&) {}).is == verdict::ok);
  CHECK(disk([](auto& x) { x.free_bytes = 1 << 20; }).is == verdict::problem);
  CHECK(disk([](auto& x) { x.free_bytes = 1 << 30; }).is == verdict::warning);
  CHECK_THAT(disk([](auto& x) { x.free_inodes = 3; }).what, Contains("inodes"));
  CHECK(disk([](auto& x) { x.inodes = x.free_inodes = 0; }).is == verdict::ok); // btrfs has none
  CHECK_THAT(disk([](auto& x) { x.file_system = "tmpfs"; }).what, Contains("in memory"));
  CHECK_THAT(disk([](auto& x) { x.file_system = "nfs"; }).what, Contains("local disk"));
  CHECK(disk([](auto& x) { x.sync_time = 300ms; }).is == verdict::warning);
  CHECK(disk([](auto& x) { x.unwritable = "Read-only file system"; }).is == verdict::problem);
  CHECK(disk([](auto& x) { x.exists = false; }).is == verdict::ok);
  const auto missing = disk([](auto& x) {
    x.exists = x.is_state = false;
    x.role = "data";
  });
  CHECK(missing.is == verdict::problem);
}

TEST_CASE("doctor: clocks that differ, run backwards or are not kept right") {
  const auto clock = [](auto change) { return with(a_clock(), change); };
  CHECK(clock([](auto&) {}).is == verdict::ok);
  CHECK(clock([](auto& x) { x.ahead = 900ms; }).is == verdict::ok);
  CHECK_THAT(clock([](auto& x) { x.ahead = 90s; }).what, Contains("90 s ahead of the daemon's"));
  CHECK_THAT(clock([](auto& x) { x.ahead = -90s; }).what, Contains("90 s behind the daemon's"));
  CHECK(clock([](auto& x) { x.newest_event = x.now - 1h; }).is == verdict::ok);
  CHECK_THAT(clock([](auto& x) { x.newest_event = x.now + 1h; }).what,
             Contains("3600 s in the future"));
  auto adrift = a_clock();
  adrift.is_synchronised = false;
  CHECK(check(adrift).back().is == verdict::warning);
  CHECK(clock([](auto& x) { x.is_synchronised.reset(); }).is == verdict::ok);
}

TEST_CASE("doctor: what only its owner may read") {
  CHECK(check(secret_facts{"/k", "the audit key", 0600, true, false}).empty());
  CHECK(only(check(secret_facts{"/k", "the audit key", 0640, true, false})).is == verdict::problem);
  CHECK_THAT(only(check(secret_facts{"/a b", "the tokens", 0644, true, false})).what,
             Contains("mode 0644") && Contains("chmod go= '/a b'"));
  CHECK(only(check(secret_facts{"/s", "the state folder", 0755, true, true})).is
        == verdict::warning);
  CHECK(only(check(secret_facts{"/s", "the state folder", 0777, true, true})).is
        == verdict::problem);
  CHECK_THAT(only(check(secret_facts{"/k", "the audit key", 0600, false, false})).what,
             Contains("chown"));
}

TEST_CASE("doctor: who can reach the HTTP interface") {
  http_facts safe{"127.0.0.1:0", true, 0, {}, false, {}};
  CHECK(only(check(safe, noon)).is == verdict::ok);
  http_facts open{"0.0.0.0:80", false, 0, {}, false, {}};
  CHECK(check(open, noon)[0].is == verdict::problem);
  CHECK(check(open, noon)[1].is == verdict::warning);
  http_facts closed{"0.0.0.0:443", false, 2, {}, true, {{"c.pem", {}, noon + 24h * 365}}};
  CHECK(only(check(closed, noon)).is == verdict::ok);
  closed.certificates[0].expires = noon + 24h * 3;
  CHECK_THAT(only(check(closed, noon)).what, Contains("expires in 3 days"));
  closed.certificates[0].expires = noon - 24h;
  CHECK(only(check(closed, noon)).is == verdict::problem);
  CHECK_THAT(only(check(closed, noon)).what,
             Contains("expired 1 day ago") && Contains("start skeind again"));
  closed.certificates[0].is_own = true;
  CHECK_THAT(only(check(closed, noon)).what, Contains("agents and the console here are not let in")
                                                 && !Contains("start skeind again"));
  closed.certificates[0].expires = noon + 24h * 365;
  closed.certificates[0].begins = noon + 24h * 2;
  CHECK_THAT(only(check(closed, noon)).what, Contains("not valid yet, but in 2 days"));
}

TEST_CASE("doctor: a daemon of another version, or one that cannot work") {
  daemon_facts x;
  CHECK(only(check(x)).is == verdict::ok);
  x.file = daemon_facts::run_file::alive;
  x.ready_status = 200;
  CHECK(only(check(x)).is == verdict::ok);
  x.is_same_build = false;
  CHECK_THAT(check(x)[1].what, Contains("another version"));
  x.is_same_build = true;
  x.ready_status = 503;
  x.ready_says = "the log's disk is full";
  CHECK_THAT(only(check(x)).what, Contains("the log's disk is full"));
}

TEST_CASE("doctor: too few open files, and a bus without its streams") {
  CHECK(only(check(limit_facts{1024, 1024})).is == verdict::warning);
  CHECK(only(check(limit_facts{1024, 20'000})).is == verdict::ok);
  nats_facts x;
  x.is_own = true;
  CHECK_THAT(only(check(x)).what, Contains("install the package nats-server"));
  x.url = "nats://127.0.0.1:4222";
  x.streams = 5;
  x.missing_streams = {"SKEIN_STATUS is not there"};
  CHECK(check(x)[0].is == verdict::warning);
  CHECK_THAT(check(x)[1].what, Contains("4 of the 5 streams"));
}

TEST_CASE("doctor: of many mistakes the first few are shown, and how many there are") {
  workspace_facts x{"/w", std::vector<std::string>(30, "a mistake"), {}};
  const auto found = check(x);
  CHECK(found.size() == mistakes_shown + 1);
  CHECK_THAT(found.back().what, Contains("25 more mistakes"));
}

TEST_CASE("doctor: what cannot be looked at says so, and elsewhere only what is there is shown") {
  facts nothing;
  nothing.clock = a_clock();
  const auto here = check(nothing);
  CHECK(std::count_if(here.begin(), here.end(),
                      [](const auto& x) {
                        return x.is == verdict::warning && x.what.starts_with("not looked at");
                      })
        == 7);
  nothing.is_remote = true;
  const auto there = check(nothing);
  CHECK(only(there).about == "clock");
}

TEST_CASE("doctor: the page has every sentence in full, and the sum") {
  const findings found{{"disk", verdict::problem, std::string(200, 'x') + " end"},
                       {"nats", verdict::ok, "fine"}};
  const auto text = page({60, false}, found);
  CHECK_THAT(text, Catch::StartsWith("problem  disk") && Contains(std::string(200, 'x'))
                       && Contains("ok       nats         fine\n")
                       && Catch::EndsWith("\n1 problem, 0 warnings\n"));
  CHECK(as_json(found)["ok"] == false);
  CHECK(page({}, {{"nats", verdict::ok, "fine"}}).ends_with("\nall is well\n"));
}
