#include "config/cron.hpp"
#include "config/spelling.hpp"

#include <date/tz.h>
#include <exception>

namespace skein::config {

namespace {

using namespace std::chrono;

/// A reading of a wall clock, as seconds since its own 1970.
using wall_time = date::local_seconds;

/// From one Feb 29 of a given weekday to the next it may be 40 years, over a year like 2100.
constexpr days longest_wait{41 * 366};

/// A zone's wall clock; no zone at all for UTC, so that it works without a tz database.
class wall_clock {
public:
  explicit wall_clock(const date::time_zone* zone) : zone_{zone} {}

  wall_time at(utc_time x) const {
    return zone_ ? zone_->to_local(x) : wall_time{x.time_since_epoch()};
  }

  /// The first moment at which the clock has reached `x`: in a gap, its end; of a repeated time,
  /// the first. It never goes back while `x` goes on, so the first match is the next run.
  utc_time reaches(wall_time x) const {
    if (!zone_)
      return utc_time{x.time_since_epoch()};
    auto info = zone_->get_info(x);
    if (info.result == date::local_info::nonexistent)
      return info.first.end;
    return utc_time{x.time_since_epoch()} - info.first.offset;
  }

private:
  const date::time_zone* zone_;
};

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

expected<utc_time> next_run(const cron& when, const std::string& time_zone, utc_time after) {
  if (after < sys_days{year{1970} / 1 / 1} || after > sys_days{year{9000} / 1 / 1})
    return fail("the next run is only known after a time between the years 1970 and 9000");
  try {
    return search(when, wall_clock{is_utc(time_zone) ? nullptr : date::locate_zone(time_zone)},
                  after);
  } catch (const std::exception&) {
    return fail("the time zone " + quote(time_zone)
                + " is not known here; write an IANA name such as Europe/Berlin (and see that "
                  "tzdata is installed)");
  }
}

} // namespace skein::config
