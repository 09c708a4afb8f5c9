#include "config/units.hpp"
#include "config/workspace.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace std::chrono_literals;

TEST_CASE("durations") {
  CHECK(parse_duration("90s") == 90s);
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("6h") == 6h);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration(" 15 ") == 15s);
  CHECK(parse_duration("2000ms") == 2s);
  CHECK(parse_milliseconds("500ms") == 500ms);
  for (const char* bad : {"", "s", "-1s", "1.5h", "1h30m", "10 minutes", "1500ms",
                          "99999999999999999999s", "9999999999999999d", "+1s", "0x10"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_duration(bad));
  }
}

TEST_CASE("sizes") {
  CHECK(parse_size("0") == 0u);
  CHECK(parse_size("512MiB") == 512ull << 20);
  CHECK(parse_size("2GB") == 2'000'000'000u);
  CHECK(parse_size("3 kB") == 3000u);
  CHECK(parse_size("1TiB") == 1ull << 40);
  for (const char* bad : {"", "1G", "1Mi", "-1", "1.5GiB", "99999999TiB", "GiB", "1 2"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_size(bad));
  }
}
