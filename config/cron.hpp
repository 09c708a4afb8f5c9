#pragma once

#include "events/failure.hpp"

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace skein::config {

/// A five-field cron expression (POSIX crontab(5) with the vixie extensions: lists, ranges,
/// steps, month and day names, 7 for Sunday, `@hourly` and its kin).
///
/// When both day fields are restricted a day matches if either does; a field that starts with
/// `*` counts as unrestricted, and then both must match, as vixie cron documents. `L`, `#`, `?`
/// and `@reboot` are refused, and so is an expression that matches no day of the calendar
/// (`0 0 31 2 *`).
struct cron {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;    ///< 1 to 31
  std::bitset<13> months;  ///< 1 to 12
  std::bitset<7> weekdays; ///< 0 is Sunday
  bool any_day = true;
  bool any_weekday = true;
  std::string text;

  /// Whether it may run on a day of a month (1 to 31, 1 to 12) that is that weekday.
  bool runs_on(unsigned month, unsigned day, unsigned weekday) const;
};

expected<cron> parse_cron(std::string_view text);

using utc_time = std::chrono::sys_seconds;

/// The first time after `after` that the schedule names in that IANA time zone. In a gap of the
/// local clock a run happens once, at the first instant after the gap; in a repeat, once, the
/// first time; a schedule of several runs an hour so rests for the repeated hour. Fails when the
/// zone is unknown, and for an `after` outside the years 1970 to 9000.
expected<utc_time> next_run(const cron& when, const std::string& time_zone, utc_time after);

} // namespace skein::config
