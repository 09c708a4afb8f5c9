#pragma once

#include "config/cron.hpp"

#include <catch2/catch.hpp>

#include <cstdio>
#include <string>

namespace skein::config::test {

/// `2026-03-08T07:00:00`, in UTC.
inline utc_time utc(const std::string& text) {
  using namespace std::chrono;
  int y, mo, d, h, mi, s;
  REQUIRE(std::sscanf(text.c_str(), "%d-%d-%dT%d:%d:%d", &y, &mo, &d, &h, &mi, &s) == 6);
  return sys_days{year{y} / mo / d} + hours{h} + minutes{mi} + seconds{s};
}

inline std::string shown(utc_time x) {
  using namespace std::chrono;
  const auto day = floor<days>(x);
  const year_month_day date{day};
  const hh_mm_ss time{x - day};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()}, int(time.hours().count()),
                int(time.minutes().count()), int(time.seconds().count()));
  return text;
}

} // namespace skein::config::test
