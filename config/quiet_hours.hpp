#pragma once

#include "config/cron.hpp"

#include <bitset>
#include <chrono>
#include <string>

namespace skein::config {

/// When nobody is told anything: some hours of every day, and some days as a whole, as a wall clock
/// in the zone has it. `from` after `to` is over midnight; the same is no hours at all.
struct quiet_hours {
  std::chrono::minutes from{0}, to{0}; ///< of the day
  std::bitset<7> days;                 ///< 0 is Sunday
  std::string time_zone = "UTC";
};

bool is_quiet(const quiet_hours&, utc_time);

/// The first moment, from this one on, that is not quiet. When every day is quiet there is none:
/// the moment itself.
utc_time quiet_until(const quiet_hours&, utc_time);

} // namespace skein::config
