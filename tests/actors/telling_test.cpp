// On which channels, when and how often people are told, from the log to the notices and back.
#include "actors/projection.hpp"
#include "store/memory_view.hpp"
#include "tests/actors/coordinator_fixture.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;
using namespace std::chrono_literals;
using migration::phase;

namespace {

using names = std::vector<std::string>;

/// A Tuesday.
constexpr migration::timestamp noon
    = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h;

struct telling_fixture : tests::coordinator_fixture {
  explicit telling_fixture(config::notifications how = {}, migration::timestamp now = noon) {
    clock = now;
    view = std::make_shared<store::memory_view>();
    policy = std::move(how);
    channels = {"email", "chat"};
    crash_and_restart();
  }

  void project() { REQUIRE(project_batch(*log, *view, store::no_limit)); }

  /// As in a coordinator, the view follows.
  void live(std::chrono::milliseconds span) {
    for (; span.count() > 0; span -= 1s) {
      project();
      pass(std::min<std::chrono::milliseconds>(span, 1s));
    }
    project();
  }

  /// The clock goes on at once: what ticks looks again only then.
  void leap(std::chrono::milliseconds span) {
    clock += span;
    live(4s);
  }

  void hold(const std::string& dataset) {
    REQUIRE(request(dataset));
    for (const auto& work : lease("w1", 8))
      report(work, migration::success{"{}", {{"owner", "film"}}, "look at it"});
    REQUIRE(state_of(dataset + "@v2").phase == phase::held);
  }

  /// The channels of the digests since last asked.
  names told_on() {
    names found;
    for (const auto& [channel, notices] : published)
      found.push_back(channel);
    return found;
  }

  /// Has the notifier tell everything that was published.
  void tell_all() {
    for (const auto& [channel, notices] : std::exchange(published, {}))
      for (const auto& each : notices)
        CHECK(report_told(each).accepted);
    project();
  }

  std::size_t count(const std::string& id, const std::string& event) {
    const auto all = events_of(id);
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), event));
  }
};

config::notifications on_both() {
  config::notifications how;
  how.channels = {"email", "chat"};
  return how;
}

config::notifications reminding() {
  config::notifications how;
  how.reminders.after = 24h;
  how.reminders.every = 24h;
  how.reminders.at_most = 2;
  how.reminders.escalate_after = 72h;
  how.reminders.escalate_to = {"lead@example.org"};
  how.reminders.escalate_on = {"chat"};
  return how;
}

config::notifications quiet_nights() {
  config::notifications how;
  how.time_zone = how.quiet.time_zone = "Europe/Stockholm";
  how.quiet.from = 20h;
  how.quiet.to = 7h;
  how.urgent = {"quarantined"};
  return how;
}

} // namespace

TEST_CASE("a migration that rests is owed until all its channels have told it") {
  telling_fixture fix{on_both()};
  fix.hold("movies");
  fix.live(3s);
  REQUIRE(fix.told_on() == names{"chat", "email"});
  const auto chat = fix.published[0].second.at(0);
  CHECK(chat.kind == "held");
  CHECK(fix.report_told(chat).accepted);
  CHECK_FALSE(fix.state_of("movies@v2").told);
  CHECK_FALSE(fix.report_told(chat).accepted);
  CHECK(fix.report_told(fix.published[1].second.at(0)).accepted);
  CHECK(fix.state_of("movies@v2").told);
  CHECK(fix.count("movies@v2", "owner_told") == 2);
}

TEST_CASE("a crash between two channels loses neither, and repeats none that is in the log") {
  telling_fixture fix{on_both()};
  fix.hold("movies");
  fix.live(3s);
  CHECK(fix.report_told(fix.published.at(0).second.at(0)).accepted);
  fix.published.clear();
  fix.crash_and_restart();
  fix.live(3s);
  CHECK(fix.told_on() == names{"email"});
  fix.tell_all();
  CHECK(fix.state_of("movies@v2").told);
}

TEST_CASE("a channel that the workspace no longer has is not waited for") {
  telling_fixture fix{on_both()};
  fix.hold("movies");
  fix.live(3s);
  CHECK(fix.report_told(fix.published.at(0).second.at(0)).accepted);
  fix.published.clear();
  fix.channels = {"chat"};
  fix.policy.channels = {"chat"};
  fix.crash_and_restart();
  fix.live(3s);
  CHECK(fix.published.empty());
  CHECK(fix.state_of("movies@v2").told);
}

TEST_CASE("what was told of an earlier rest does not count for a later one") {
  telling_fixture fix;
  fix.hold("movies");
  fix.live(3s);
  const auto old = fix.published.at(0).second.at(0);
  REQUIRE(fix.tell("movies@v2", migration::approve{}));
  for (const auto& work : fix.lease("w1"))
    fix.report(work, migration::success{"{}", {}, "and look at this"});
  REQUIRE(fix.state_of("movies@v2").phase == phase::held);
  CHECK_FALSE(fix.report_told(old).accepted);
  CHECK_FALSE(fix.state_of("movies@v2").told);
}

TEST_CASE("kinds and owners have routes of their own") {
  auto how = on_both();
  how.routes = {{{"held"}, {"film"}, {"chat"}}};
  telling_fixture fix{how};
  fix.hold("movies");
  fix.live(3s);
  CHECK(fix.told_on() == names{"chat"});
}

TEST_CASE("an owner that asks for channels of its own in the catalog is told on them") {
  auto how = on_both();
  how.of_owners = {{"film", {"chat"}}};
  telling_fixture fix{how};
  fix.hold("movies");
  fix.live(3s);
  CHECK(fix.told_on() == names{"chat"});
}

TEST_CASE("a channel may get copies of what is completed, which nobody waits for") {
  config::notifications how;
  how.copies = {"chat"};
  telling_fixture fix{how};
  REQUIRE(fix.request("movies"));
  for (int step = 0; step < 3; ++step)
    for (const auto& work : fix.lease("w1"))
      fix.report(work, migration::success{"{}", {}, {}});
  fix.live(3s);
  REQUIRE(fix.told_on() == names{"chat", "email"});
  const auto& copy = fix.published[0].second.at(0);
  CHECK(copy.is_copy);
  CHECK(copy.step.empty());
  CHECK(copy.kind == "completed");
  CHECK(copy.digest_size == 1);
  CHECK(fix.published[1].second.at(0).step == "notify-consumers");
}

TEST_CASE("at night all waits, and goes out as one digest in the morning") {
  // 20:30 in Stockholm.
  telling_fixture fix{quiet_nights(), noon + 7h + 30min};
  fix.hold("movies");
  fix.live(3s);
  REQUIRE(
      fix.tell("cars@v2", migration::request{{migration::subject_kind::dataset, "cars", "v1", "v2"},
                                             tests::seed_workflow(),
                                             "scan-2"}));
  for (const auto& work : fix.lease("w1"))
    fix.report(work, migration::setback{error_class::permanent, "no"});
  fix.live(3s);
  CHECK(fix.published.empty());
  SECTION("also when the coordinator crashes meanwhile") { fix.crash_and_restart(); }
  fix.leap(10h + 28min);
  CHECK(fix.published.empty());
  fix.leap(2min);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.size() == 2);
}

TEST_CASE("those that wait for the morning keep nobody else from being awake") {
  telling_fixture fix{quiet_nights(), noon + 9h};
  fix.awake_max = 2;
  fix.crash_and_restart();
  for (int i = 0; i < 20; ++i) {
    fix.hold("d" + std::to_string(i));
    fix.live(1s);
  }
  CHECK(fix.published.empty());
  fix.leap(9h);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.size() == 20);
  // Whoever wakes for some other reason is not told of again.
  fix.published.clear();
  for (int i = 0; i < 20; ++i)
    caf::anon_send(fix.ring->of("d" + std::to_string(i) + "@v2"), atom::wake_v,
                   "d" + std::to_string(i) + "@v2");
  fix.live(5s);
  CHECK(fix.published.empty());
}

TEST_CASE("the night in which the clock changes is as long as the wall clock says") {
  // 2026-03-28 20:30 in Stockholm; the next morning 7:00 is an hour sooner.
  const auto evening
      = migration::timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 28}} + 19h + 30min;
  telling_fixture fix{quiet_nights(), evening};
  fix.hold("movies");
  fix.live(3s);
  fix.leap(9h + 28min);
  CHECK(fix.published.empty());
  fix.leap(2min);
  CHECK(fix.published.size() == 1);
}

TEST_CASE("what is urgent is told at night") {
  telling_fixture fix{quiet_nights(), noon + 9h};
  fix.hold("movies");
  REQUIRE(fix.tell("movies@v2", migration::quarantine{"a bug"}));
  fix.live(3s);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.at(0).kind == "quarantined");
}

TEST_CASE("what is answered before it is told is not told") {
  telling_fixture fix{quiet_nights(), noon + 9h};
  fix.hold("movies");
  fix.live(3s);
  REQUIRE(fix.tell("movies@v2", migration::cancel{}));
  fix.leap(12h);
  CHECK(fix.published.empty());
}

TEST_CASE("a daily digest has all that there is by its hour") {
  config::notifications how;
  how.daily = 9h;
  telling_fixture fix{how};
  fix.hold("movies");
  fix.live(3s);
  fix.leap(8h);
  fix.hold("cars");
  fix.live(3s);
  CHECK(fix.published.empty());
  fix.leap(12h + 58min);
  CHECK(fix.published.empty());
  fix.leap(2min);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.size() == 2);
  CHECK(fix.published[0].second.at(0).digest.starts_with("daily-"));
}

TEST_CASE("whoever does not answer is reminded, and at last more are told") {
  telling_fixture fix{reminding()};
  fix.hold("movies");
  fix.live(3s);
  fix.tell_all();
  fix.leap(23h);
  CHECK(fix.published.empty());
  SECTION("also when the coordinator crashes meanwhile") { fix.crash_and_restart(); }
  fix.leap(1h);
  REQUIRE(fix.told_on() == names{"email"});
  CHECK(fix.published[0].second.at(0).reminders == 1);
  CHECK(fix.published[0].second.at(0).escalate_to.empty());
  fix.tell_all();
  fix.leap(24h);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.at(0).reminders == 2);
  fix.tell_all();
  // No more reminders, but the escalation, on the channels that it is for as well.
  fix.leap(23h);
  CHECK(fix.published.empty());
  fix.leap(1h);
  REQUIRE(fix.told_on() == names{"chat", "email"});
  CHECK(fix.published[1].second.at(0).escalate_to == names{"lead@example.org"});
  CHECK(fix.published[1].second.at(0).is_escalated);
  fix.tell_all();
  CHECK(fix.state_of("movies@v2").told);
  fix.leap(1000h);
  CHECK(fix.published.empty());
  CHECK(fix.count("movies@v2", "reminder_due") == 3);
  CHECK(fix.count("movies@v2", "owner_told") == 5);
}

TEST_CASE("whoever has answered is not reminded") {
  telling_fixture fix{reminding()};
  fix.hold("movies");
  fix.hold("cars");
  fix.live(3s);
  fix.tell_all();
  REQUIRE(fix.tell("movies@v2", migration::approve{}));
  REQUIRE(fix.tell("cars@v2", migration::cancel{}));
  fix.live(1s);
  fix.leap(100h);
  CHECK(fix.published.empty());
  CHECK(fix.count("movies@v2", "reminder_due") == 0);
  CHECK(fix.count("cars@v2", "reminder_due") == 0);
}

TEST_CASE("a reminder waits for the end of quiet hours") {
  auto how = quiet_nights();
  how.reminders = reminding().reminders;
  how.reminders.after = how.reminders.every = 10h;
  telling_fixture fix{how};
  fix.hold("movies");
  fix.live(3s);
  fix.tell_all();
  fix.leap(10h);
  CHECK(fix.count("movies@v2", "reminder_due") == 1);
  CHECK(fix.published.empty());
  fix.leap(8h);
  REQUIRE(fix.published.size() == 1);
  CHECK(fix.published[0].second.at(0).reminders == 1);
}

TEST_CASE("a migration that waits for a reminder need not be awake") {
  telling_fixture fix{reminding()};
  fix.hold("movies");
  fix.live(3s);
  fix.tell_all();
  fix.settle();
  CHECK(owed(fix.state_of("movies@v2")).empty());
}
