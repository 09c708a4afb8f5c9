#include "actors/api/point_in_time.hpp"

#include "events/status.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>

using namespace skein;
using namespace skein::actors;

TEST_CASE("times are read as RFC 3339 writes them") {
  using example = std::pair<std::string, std::string>;
  const auto [text, utc]
      = GENERATE(example{"2026-11-22T10:00:00Z", "2026-11-22T10:00:00.000000Z"},
                 example{"2026-11-22t10:00:00z", "2026-11-22T10:00:00.000000Z"},
                 example{"2026-11-22T10:00Z", "2026-11-22T10:00:00.000000Z"},
                 example{"2026-11-22T10:00+02:00", "2026-11-22T08:00:00.000000Z"},
                 example{"2026-11-22 10:00:00Z", "2026-11-22T10:00:00.000000Z"},
                 example{"2026-11-22T10:00:00.25Z", "2026-11-22T10:00:00.250000Z"},
                 example{"2026-11-22T10:00:00.1234569Z", "2026-11-22T10:00:00.123456Z"},
                 example{"2026-11-22T10:00:00+05:30", "2026-11-22T04:30:00.000000Z"},
                 example{"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000000Z"},
                 example{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"});
  CHECK(rfc3339(parse_rfc3339(text).value()) == utc);
}

TEST_CASE("what is no time is refused by a sentence with it") {
  const std::string text
      = GENERATE("", "2026", "2026-11-22", "2026-11-22T10Z", "2026-11-22T10:00",
                 "2026-11-22T10:00.5Z", "2026-11-22T10:00:00", "2026-13-22T10:00:00Z",
                 "2025-02-29T10:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z",
                 "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00Zz", "2026-11-22T10:00:00+1:00",
                 " 2026-11-22T10:00:00Z", "2026-11-22T10:00:00+01:00Z", "-026-11-22T10:00:00Z");
  const auto got = parse_rfc3339(text);
  REQUIRE_FALSE(got);
  CHECK_THAT(got.error().what, Catch::Contains("'" + text + "'"));
}

TEST_CASE("a point in time is a sequence, a moment, or how long ago") {
  const migration::timestamp now{std::chrono::hours{100}};
  CHECK(std::get<uint64_t>(parse_point_in_time("0", now).value()) == 0);
  CHECK(std::get<uint64_t>(parse_point_in_time("1234", now).value()) == 1234);
  CHECK(std::get<1>(parse_point_in_time("-2h", now).value()) == now - std::chrono::hours{2});
  CHECK(std::get<1>(parse_point_in_time("-90s", now).value()) == now - std::chrono::seconds{90});
  CHECK(std::get<1>(parse_point_in_time("1970-01-01T00:00:01Z", now).value()).time_since_epoch()
        == std::chrono::seconds{1});
  const auto* nonsense = GENERATE("", "-", "2h", "--2h", "-2 fortnights", "12x",
                                  "-99999999999999999999d", "18446744073709551616");
  CHECK_FALSE(parse_point_in_time(nonsense, now));
}
