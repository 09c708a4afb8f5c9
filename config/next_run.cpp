#include "config/spelling.hpp"
#include "config/wall_clock.hpp"

#include <exception>

namespace skein::config {

namespace {

using namespace std::chrono;

/// From one Feb 29 of a given weekday to the next it may be 40 years, over a year like 2100.
constexpr days longest_wait{41 * 366};

bool runs_on(const cron& when, date::local_days x) {
  sys_days day{x.time_since_epoch()};
  year_month_day date{day};
  return when.runs_on(unsigned{date.month()}, unsigned{date.day()}, weekday{day}.c_encoding());
}

std::optional<utc_time> first_of_day(const cron& when, date::local_days day,
                                     const wall_clock& clock, utc_time after) {
  for (unsigned h = 0; h < 24; ++h)
    for (unsigned m = 0; when.hours[h] && m < 60; ++m)
      if (when.minutes[m])
        if (auto run = clock.reaches(day + hours{h} + minutes{m}); run > after)
          return run;
  return {};
}

expected<utc_time> search(const cron& when, const wall_clock& clock, utc_time after) {
  auto first = std::chrono::floor<days>(clock.at(after));
  for (auto day = first; day < first + longest_wait; day += days{1})
    if (runs_on(when, day))
      if (auto run = first_of_day(when, day, clock, after))
        return *run;
  return fail("the schedule " + quote(when.text) + " never comes again");
}

bool is_utc(const std::string& zone) { return zone == "UTC" || zone == "Etc/UTC"; }

} // namespace

expected<wall_clock> wall_clock::of(const std::string& time_zone) {
  try {
    return wall_clock{is_utc(time_zone) ? nullptr : date::locate_zone(time_zone)};
  } catch (const std::exception&) {
    return fail("the time zone " + quote(time_zone)
                + " is not known here; write an IANA name such as Europe/Berlin (and see that "
                  "tzdata is installed)");
  }
}

expected<utc_time> next_run(const cron& when, const std::string& time_zone, utc_time after) {
  if (after < sys_days{year{1970} / 1 / 1} || after > sys_days{year{9000} / 1 / 1})
    return fail("the next run is only known after a time between the years 1970 and 9000");
  const auto clock = wall_clock::of(time_zone);
  if (!clock)
    return tl::unexpected{clock.error()};
  return search(when, *clock, after);
}

} // namespace skein::config
