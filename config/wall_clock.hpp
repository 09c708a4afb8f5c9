#pragma once

#include "config/cron.hpp"

#include <date/tz.h>

/// A zone's wall clock. Internal to config/: nobody else reads date's headers.
namespace skein::config {

/// A reading of a wall clock, as seconds since its own 1970.
using wall_time = date::local_seconds;

class wall_clock {
public:
  /// Fails when the zone is unknown. No zone at all stands for UTC, so that it works without a tz
  /// database.
  static expected<wall_clock> of(const std::string& time_zone);

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

  /// Of a repeated time, the second.
  utc_time reaches_last(wall_time x) const {
    if (!zone_)
      return utc_time{x.time_since_epoch()};
    auto info = zone_->get_info(x);
    if (info.result == date::local_info::ambiguous)
      return utc_time{x.time_since_epoch()} - info.second.offset;
    return reaches(x);
  }

private:
  explicit wall_clock(const date::time_zone* zone) : zone_{zone} {}

  const date::time_zone* zone_;
};

} // namespace skein::config
