#include "config/notifications.hpp"

#include "moments.hpp"

using namespace skein::config;
using namespace skein::config::test;
using namespace std::chrono_literals;

namespace {

quiet_hours hours_between(std::chrono::minutes from, std::chrono::minutes to,
                          std::string zone = "UTC", std::bitset<7> days = {}) {
  return {from, to, days, std::move(zone)};
}

quiet_hours night(std::string zone = "UTC", std::bitset<7> days = {}) {
  return hours_between(20h, 7h, std::move(zone), days);
}

/// Saturday and Sunday.
const std::bitset<7> weekend{0b1000001};

std::string until(const quiet_hours& when, const std::string& at) {
  return shown(quiet_until(when, utc(at)));
}

} // namespace

TEST_CASE("quiet hours over midnight") {
  const auto when = night();
  CHECK_FALSE(is_quiet(when, utc("2026-11-24T19:59:59")));
  CHECK(is_quiet(when, utc("2026-11-24T20:00:00")));
  CHECK(is_quiet(when, utc("2026-11-25T00:00:00")));
  CHECK(is_quiet(when, utc("2026-11-25T06:59:59")));
  CHECK_FALSE(is_quiet(when, utc("2026-11-25T07:00:00")));
  CHECK(until(when, "2026-11-24T21:00:00") == "2026-11-25T07:00:00");
  CHECK(until(when, "2026-11-25T03:00:00") == "2026-11-25T07:00:00");
  CHECK(until(when, "2026-11-25T12:00:00") == "2026-11-25T12:00:00");
}

TEST_CASE("quiet hours within a day, and none at all") {
  const auto lunch = hours_between(12h, 13h + 30min);
  CHECK(until(lunch, "2026-11-24T12:15:00") == "2026-11-24T13:30:00");
  CHECK(until(lunch, "2026-11-24T11:59:59") == "2026-11-24T11:59:59");
  CHECK(until({}, "2026-11-24T00:00:00") == "2026-11-24T00:00:00");
}

TEST_CASE("quiet days are quiet as a whole, and join the hours beside them") {
  // 2026-11-27 is a Friday.
  const auto when = night("UTC", weekend);
  CHECK(until(when, "2026-11-27T19:00:00") == "2026-11-27T19:00:00");
  CHECK(until(when, "2026-11-27T20:30:00") == "2026-11-30T07:00:00");
  CHECK(until(when, "2026-11-28T12:00:00") == "2026-11-30T07:00:00");
  const quiet_hours days_alone{0min, 0min, weekend, "UTC"};
  CHECK(until(days_alone, "2026-11-28T12:00:00") == "2026-11-30T00:00:00");
  CHECK(until({0min, 0min, std::bitset<7>{0x7f}, "UTC"}, "2026-11-28T12:00:00")
        == "2026-11-28T12:00:00");
}

TEST_CASE("quiet hours are those of a wall clock, the night it changes too") {
  // Stockholm, 2026-03-29: 2:00 CET (01:00 UTC) becomes 3:00 CEST; 2026-10-25: 3:00 becomes 2:00.
  const auto when = night("Europe/Stockholm");
  CHECK(until(when, "2026-03-27T22:00:00") == "2026-03-28T06:00:00");
  CHECK(until(when, "2026-03-28T22:00:00") == "2026-03-29T05:00:00");
  CHECK(until(when, "2026-10-24T22:00:00") == "2026-10-25T06:00:00");
  CHECK_FALSE(is_quiet(when, utc("2026-03-28T18:59:59")));
  CHECK(is_quiet(when, utc("2026-03-28T19:00:00")));
}

TEST_CASE("quiet hours that end in an hour that is not there, or is there twice") {
  const auto when = hours_between(20h, 2h + 30min, "Europe/Stockholm");
  CHECK(until(when, "2026-03-28T22:00:00") == "2026-03-29T01:00:00");
  CHECK(until(when, "2026-10-24T22:00:00") == "2026-10-25T00:30:00");
  // The clock shows 2:10 for the second time: that is before 2:30.
  CHECK(is_quiet(when, utc("2026-10-25T01:10:00")));
  CHECK(until(when, "2026-10-25T01:10:00") == "2026-10-25T01:30:00");
}

TEST_CASE("the end of quiet hours is never quiet, and comes soon, all year long") {
  for (const auto& when :
       {night("Europe/Stockholm", weekend), hours_between(1h, 2h + 30min, "America/New_York"),
        hours_between(23h, 1h, "Australia/Lord_Howe"), night("Africa/Casablanca"),
        hours_between(22h, 0h, "Asia/Beirut")}) {
    auto at = utc("2026-01-01T00:00:00");
    for (; at < utc("2027-01-01T00:00:00"); at += 17min) {
      const auto end = quiet_until(when, at);
      REQUIRE(end >= at);
      REQUIRE(end - at < 72h);
      REQUIRE_FALSE(is_quiet(when, end));
      REQUIRE(is_quiet(when, at) == (end > at));
    }
  }
}

TEST_CASE("a daily digest waits for its hour, and for the end of quiet hours after it") {
  notifications how;
  how.time_zone = how.quiet.time_zone = "Europe/Stockholm";
  const auto told = [&](const std::string& since, bool is_urgent = false) {
    return shown(told_from(how, is_urgent, utc(since)));
  };
  CHECK(told("2026-11-24T12:00:00") == "2026-11-24T12:00:00");
  how.daily = 9h;
  CHECK(told("2026-11-24T07:59:59") == "2026-11-24T08:00:00");
  CHECK(told("2026-11-24T08:00:00") == "2026-11-25T08:00:00");
  CHECK(told("2026-03-28T12:00:00") == "2026-03-29T07:00:00");
  CHECK(told("2026-10-24T12:00:00") == "2026-10-25T08:00:00");
  how.quiet.days = weekend;
  how.quiet.from = 20h;
  how.quiet.to = 10h;
  CHECK(told("2026-11-27T12:00:00") == "2026-11-30T09:00:00");
  CHECK(told("2026-11-27T12:00:00", true) == "2026-11-27T12:00:00");
}

TEST_CASE("the first route that fits says on which channels an owner is told") {
  notifications how;
  how.channels = {"email", "chat"};
  how.routes = {{{"held"}, {"film"}, {"film-chat"}},
                {{"held", "parked"}, {}, {"chat"}},
                {{}, {"music"}, {"music-chat"}}};
  using names = std::vector<std::string>;
  CHECK(channels_for(how, "held", "film") == names{"film-chat"});
  CHECK(channels_for(how, "parked", "film") == names{"chat"});
  CHECK(channels_for(how, "held", "music") == names{"chat"});
  CHECK(channels_for(how, "quarantined", "music") == names{"music-chat"});
  CHECK(channels_for(how, "quarantined", "film") == names{"email", "chat"});
}

TEST_CASE("an owner's own channels come before all but routes that name the owner") {
  notifications how;
  how.channels = {"email"};
  how.routes = {{{"parked"}, {}, {"chat"}}, {{"held"}, {"film", "music"}, {"film-chat"}}};
  how.of_owners = {{"film", {"pager", "own"}}, {"books", {"own"}}};
  using names = std::vector<std::string>;
  CHECK(channels_for(how, "held", "film") == names{"film-chat"});
  CHECK(channels_for(how, "parked", "film") == names{"pager", "own"});
  CHECK(channels_for(how, "held", "books") == names{"own"});
  CHECK(channels_for(how, "parked", "books") == names{"own"});
  CHECK(channels_for(how, "held", "music") == names{"film-chat"});
  CHECK(channels_for(how, "parked", "music") == names{"chat"});
  CHECK(channels_for(how, "quarantined", "music") == names{"email"});
}
