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
/// `*` counts as unrestricted, as vixie cron documents. `L`, `#`, `?` are refused, and so is an
/// expression that no day of the next eight years matches (`0 0 31 2 *`).
struct cron {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;    ///< 1 to 31
  std::bitset<13> months;  ///< 1 to 12
  std::bitset<7> weekdays; ///< 0 is Sunday
  bool any_day = true;
  bool any_weekday = true;
  std::string text;
};

expected<cron> parse_cron(std::string_view text);

using utc_time = std::chrono::sys_seconds;

/// The first time after `after` that the schedule names in that IANA time zone. In a gap of the
/// local clock a run happens once, at the first instant after the gap; in a repeat, once, the
/// first time. Fails when the zone is unknown.
expected<utc_time> next_run(const cron& when, const std::string& time_zone, utc_time after);

} // namespace skein::config
