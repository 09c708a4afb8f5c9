#include "config/cron.hpp"

#include "moments.hpp"

#include <catch2/catch.hpp>
#include <sstream>

using namespace skein::config;
using Catch::Matchers::Contains;
using skein::config::test::shown, skein::config::test::utc;
using std::chrono::days, std::chrono::hours, std::chrono::minutes, std::chrono::seconds,
    std::chrono::sys_days, std::chrono::year, std::chrono::year_month_day, std::chrono::hh_mm_ss,
    std::chrono::floor;

namespace {

std::string next(const std::string& schedule, const std::string& after,
                 const std::string& zone = "UTC") {
  auto when = parse_cron(schedule);
  if (!when)
    return when.error().what;
  auto run = next_run(*when, zone, utc(after));
  return run ? shown(*run) : run.error().what;
}

std::string runs(const std::string& schedule, const std::string& after, const std::string& zone,
                 int count) {
  std::string all;
  auto at = after;
  for (int i = 0; i < count; ++i) {
    at = next(schedule, at, zone);
    all += (i ? " " : "") + at;
  }
  return all;
}

} // namespace

TEST_CASE("the next run of a schedule, in UTC") {
  auto [schedule, after, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"0 */6 * * *", "2026-11-22T00:00:00", "2026-11-22T06:00:00"},
      {"0 */6 * * *", "2026-11-22T05:59:59", "2026-11-22T06:00:00"},
      {"0 */6 * * *", "2026-11-22T18:00:01", "2026-11-23T00:00:00"},
      {"* * * * *", "2026-11-22T10:00:30", "2026-11-22T10:01:00"},
      {"*/15 * * * *", "2026-11-22T10:45:00", "2026-11-22T11:00:00"},
      {"5/15 * * * *", "2026-11-22T10:50:00", "2026-11-22T11:05:00"},
      {"10-30/10 * * * *", "2026-11-22T10:30:00", "2026-11-22T11:10:00"},
      {"0,30 9-17 * * 1-5", "2026-11-20T17:30:00", "2026-11-23T09:00:00"},
      {"0 0 1 jan *", "2026-01-01T00:00:00", "2027-01-01T00:00:00"},
      {"0 0 * JAN-mar MON", "2026-11-22T00:00:00", "2027-01-04T00:00:00"},
      {"0 0 29 2 *", "2026-01-01T00:00:00", "2028-02-29T00:00:00"},
      {"0 0 29 2 *", "2096-03-01T00:00:00", "2104-02-29T00:00:00"},
      {"0 0 31 * *", "2026-01-31T00:00:00", "2026-03-31T00:00:00"},
      {"0 0 13 * 5", "2026-11-01T00:00:00", "2026-11-06T00:00:00"},
      {"0 0 13 * 5", "2026-11-06T00:00:00", "2026-11-13T00:00:00"},
      {"0 0 13 * 5", "2026-12-11T00:00:00", "2026-12-13T00:00:00"},
      {"0 0 * * 7", "2026-11-22T00:00:00", "2026-11-29T00:00:00"},
      {"0 0 * * 0", "2026-11-22T00:00:00", "2026-11-29T00:00:00"},
      {"0 0 * * 5-7", "2026-11-21T00:00:00", "2026-11-22T00:00:00"},
      {"0 0 * * 5-7", "2026-11-22T00:00:00", "2026-11-27T00:00:00"},
      {"0 0 * * sat-sun", "2026-11-21T00:00:00", "2026-11-22T00:00:00"},
      {"0 0 * * */2", "2026-11-22T00:00:00", "2026-11-24T00:00:00"},
      {"0 0 * * */7", "2026-11-22T00:00:00", "2026-11-29T00:00:00"},
      // Vixie: a field that starts with * is unrestricted, so both must match.
      {"0 0 */2 * 1", "2026-11-22T00:00:00", "2026-11-23T00:00:00"},
      {"0 0 */2 * 1", "2026-11-23T00:00:00", "2026-12-07T00:00:00"},
      {"0 0 29 2 */6", "2026-01-01T00:00:00", "2032-02-29T00:00:00"},
      {"@hourly", "2026-11-22T10:00:00", "2026-11-22T11:00:00"},
      {"@daily", "2026-11-22T10:00:00", "2026-11-23T00:00:00"},
      {"@Weekly", "2026-11-22T00:00:00", "2026-11-29T00:00:00"},
      {"@monthly", "2026-11-22T00:00:00", "2026-12-01T00:00:00"},
      {"@yearly", "2026-11-22T00:00:00", "2027-01-01T00:00:00"},
      {"  0\t0 1 1 *  ", "2026-11-22T00:00:00", "2027-01-01T00:00:00"},
      {"59 23 31 12 *", "2026-12-31T23:58:00", "2026-12-31T23:59:00"},
  }));
  CAPTURE(schedule, after);
  CHECK(next(schedule, after) == expected);
}

TEST_CASE("what is no schedule is refused with a reason") {
  auto [schedule, reason] = GENERATE(table<std::string, std::string>({
      {"", "must have five fields"},
      {"* * * *", "must have five fields"},
      {"0 0 * * * *", "must have five fields"},
      {"CRON_TZ=UTC * * * * *", "must have five fields"},
      {"60 * * * *", "the minute \"60\" must be made of numbers from 0 to 59"},
      {"* 24 * * *", "the hour \"24\""},
      {"* * 0 * *", "numbers from 1 to 31"},
      {"* * * 13 *", "numbers from 1 to 12 or three-letter names"},
      {"* * * * 8", "the day of the week \"8\""},
      {"30-10 * * * *", "has a range that ends before it begins"},
      {"* * * * fri-tue", "has a range that ends before it begins"},
      {"*/0 * * * *", "needs a step from 1 to 59"},
      {"*/ * * * *", "needs a step"},
      {"*/99 * * * *", "needs a step"},
      {"1,,2 * * * *", "must be made of numbers"},
      {", * * * *", "must be made of numbers"},
      {"1- * * * *", "must be made of numbers"},
      {"-1 * * * *", "must be made of numbers"},
      {"1-2-3 * * * *", "must be made of numbers"},
      {"+1 * * * *", "must be made of numbers"},
      {"1.5 * * * *", "must be made of numbers"},
      {"** * * * *", "must be made of numbers"},
      {"99999999999999999999 * * * *", "must be made of numbers"},
      {"0 0 L * *", "uses L, W, # or ?, which are not part of cron"},
      {"0 0 15W * *", "uses L, W, # or ?"},
      {"0 0 * * 5#2", "uses L, W, # or ?"},
      {"0 0 ? * *", "uses L, W, # or ?"},
      {"0 0 * * monday", "three-letter names"},
      {"0 0 31 2 *", "never comes"},
      {"0 0 30,31 feb *", "never comes"},
      {"0 0 31 4,6,9,11 *", "never comes"},
      {"@reboot", "is not known"},
      {"@daly", "did you mean \"@daily\"?"},
  }));
  CAPTURE(schedule);
  auto when = parse_cron(schedule);
  REQUIRE_FALSE(when);
  CHECK_THAT(when.error().what, Contains(reason));
}

TEST_CASE("in a gap of the local clock a run comes once, at its end") {
  // New York, 2026-03-08: 2:00 EST (07:00 UTC) becomes 3:00 EDT.
  CHECK(runs("30 2 * * *", "2026-03-07T12:00:00", "America/New_York", 2)
        == "2026-03-08T07:00:00 2026-03-09T06:30:00");
  CHECK(runs("0,30 2,3 * * *", "2026-03-08T06:00:00", "America/New_York", 3)
        == "2026-03-08T07:00:00 2026-03-08T07:30:00 2026-03-09T06:00:00");
  CHECK(runs("0 * * * *", "2026-03-08T05:30:00", "America/New_York", 3)
        == "2026-03-08T06:00:00 2026-03-08T07:00:00 2026-03-08T08:00:00");
  // A day that begins in a gap: Beirut, 2026-03-29, 0:00 becomes 1:00.
  CHECK(next("0 0 * * *", "2026-03-28T12:00:00", "Asia/Beirut") == "2026-03-28T22:00:00");
  // A day that is not there: Apia skipped 2011-12-30.
  CHECK(next("0 12 30 12 *", "2011-12-29T00:00:00", "Pacific/Apia") == "2011-12-30T10:00:00");
}

TEST_CASE("of a repeated local time a run comes at the first") {
  // New York, 2026-11-01: 2:00 EDT (06:00 UTC) becomes 1:00 EST.
  CHECK(runs("30 1 * * *", "2026-10-31T12:00:00", "America/New_York", 2)
        == "2026-11-01T05:30:00 2026-11-02T06:30:00");
  CHECK(next("30 1 * * *", "2026-11-01T06:10:00", "America/New_York") == "2026-11-02T06:30:00");
  CHECK(runs("0 * * * *", "2026-11-01T04:30:00", "America/New_York", 2)
        == "2026-11-01T05:00:00 2026-11-01T07:00:00");
}

TEST_CASE("zones with odd offsets and names") {
  CHECK(next("0 9 * * *", "2026-11-22T00:00:00", "Asia/Kathmandu") == "2026-11-22T03:15:00");
  CHECK(next("0 9 * * *", "2026-11-22T00:00:00", "Europe/Berlin") == "2026-11-22T08:00:00");
  CHECK(next("0 9 * * *", "2026-07-22T00:00:00", "Europe/Berlin") == "2026-07-22T07:00:00");
  CHECK(next("0 9 * * *", "2026-11-22T00:00:00", "Etc/UTC") == "2026-11-22T09:00:00");
  for (const char* bad : {"", "Mars/Olympus", "../../etc/passwd", "utc+1", "Europe"})
    CHECK_THAT(next("0 9 * * *", "2026-11-22T00:00:00", bad), Contains("is not known here"));
}

TEST_CASE("a time no clock shows is a failure") {
  auto when = parse_cron("* * * * *");
  REQUIRE(when);
  CHECK_FALSE(next_run(*when, "UTC", utc_time::max()));
  CHECK_FALSE(next_run(*when, "Europe/Berlin", utc_time::min()));
}

TEST_CASE("runs go strictly forward across a year of every zone's changes") {
  auto when = parse_cron("*/30 * * * *");
  REQUIRE(when);
  for (const char* zone : {"America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"}) {
    auto at = utc("2026-01-01T00:00:00");
    auto end = utc("2027-01-01T00:00:00");
    int count = 0;
    for (; at < end; ++count) {
      auto run = next_run(*when, zone, at);
      REQUIRE(run);
      REQUIRE(*run > at);
      REQUIRE(*run - at <= minutes{90});
      at = *run;
    }
    CHECK(count > 17'000);
  }
}
