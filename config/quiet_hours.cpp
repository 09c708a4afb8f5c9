#include "config/quiet_hours.hpp"

#include "config/wall_clock.hpp"

namespace skein::config {

namespace {

using namespace std::chrono;

/// A week of days, and one in case the first has begun.
constexpr int days_ahead = 8;

bool is_quiet_at(const quiet_hours& when, wall_time x) {
  const auto day = date::floor<date::days>(x);
  if (when.days[date::weekday{day}.c_encoding()])
    return true;
  const auto time = x - day;
  if (when.from <= when.to)
    return time >= when.from && time < when.to;
  return time >= when.from || time < when.to;
}

/// Quiet ends where its hours do, or where a day begins; a repeated hour is as quiet as the first.
utc_time end_after(const quiet_hours& when, const wall_clock& clock, utc_time x) {
  const auto today = date::floor<date::days>(clock.at(x));
  for (int i = 0; i <= days_ahead; ++i)
    for (const auto time : {minutes{0}, when.to}) {
      const auto there = today + date::days{i} + time;
      for (const auto end : {clock.reaches(there), clock.reaches_last(there)})
        if (end > x && !is_quiet_at(when, clock.at(end)))
          return end;
    }
  return x;
}

} // namespace

// A zone that was known when the workspace was read, and no longer is, has no quiet hours: telling
// people at night is better than never.

bool is_quiet(const quiet_hours& when, utc_time x) {
  const auto clock = wall_clock::of(when.time_zone);
  return clock && is_quiet_at(when, clock->at(x));
}

utc_time quiet_until(const quiet_hours& when, utc_time x) {
  const auto clock = wall_clock::of(when.time_zone);
  return clock && is_quiet_at(when, clock->at(x)) ? end_after(when, *clock, x) : x;
}

} // namespace skein::config
