#include "events/status.hpp"

#include "tests/events/vocabulary.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::tests;

TEST_CASE("a moment is written as RFC 3339 with microseconds") {
  CHECK(rfc3339(midnight) == "2026-03-01T00:00:00.000000Z");
  CHECK(rfc3339(midnight + 1us) == "2026-03-01T00:00:00.000001Z");
  CHECK(rfc3339(midnight - 1us) == "2026-02-28T23:59:59.999999Z");
  CHECK(rfc3339(timestamp{}) == "1970-01-01T00:00:00.000000Z");
  CHECK(rfc3339(timestamp{-1us}) == "1969-12-31T23:59:59.999999Z");
  CHECK(rfc3339(std::chrono::sys_days{std::chrono::year{2028} / 2 / 29} + 23h + 59min)
        == "2028-02-29T23:59:00.000000Z");
}

TEST_CASE("the status of an event is one line of JSON that says all of it") {
  const record started_it{
      "räume@v2", 2, midnight + 7us, "pool default", "a worker asked", started("discover", 1, 1),
      {},         0};
  CHECK(status_json(41, started_it)
        == R"({"sequence":"41","migration":"räume@v2","version":"2","atUs":"1772323200000007",)"
           R"("at":"2026-03-01T00:00:00.000007Z","actor":"pool default",)"
           R"("reason":"a worker asked","type":"attempt_started","event":{"attemptStarted":)"
           R"({"step":"discover","attempt":1,"epoch":"1","worker":"w1","leaseTtlMs":"30000"}},)"
           R"("dataset":"räume"})");
}

TEST_CASE("the status of an event without fields still names it") {
  const record done{"plays@v2", 9, midnight, "", "", completed{}, {}, 0};
  CHECK(status_json(1, done).find(R"("type":"completed","event":{"completed":{}})")
        != std::string::npos);
}

TEST_CASE("the status keeps line breaks and quotes inside one line") {
  const record sad{"plays@v2", 9, midnight, "", "", parked{"a", "line \"1\"\nline 2"}, {}, 0};
  const auto json = status_json(1, sad);
  CHECK(json.find('\n') == std::string::npos);
  CHECK(json.find(R"("why":"line \"1\"\nline 2")") != std::string::npos);
}
