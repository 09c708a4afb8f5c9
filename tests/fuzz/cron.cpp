// A schedule. The first byte chooses a time zone, the next two when to look for the next run.
#include "config/cron.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace skein;
using namespace skein::fuzz;

namespace {

constexpr const char* zones[]
    = {"UTC",         "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
       "Pacific/Apia"};

} // namespace

SKEIN_FUZZ(cron, bytes) {
  const auto* zone = zones[take_byte(bytes) % std::size(zones)];
  const auto day = 256 * take_byte(bytes) + take_byte(bytes);
  const auto read = config::parse_cron(bytes);
  if (!read)
    return must_say_why(read.error());
  const auto again = config::parse_cron(read->text);
  must(again && again->text == read->text, "a schedule keeps its text");
  const config::utc_time after{std::chrono::days{day % 36'525}};
  const auto next = config::next_run(*read, zone, after);
  must(next.has_value(), "a schedule that was read has a next run");
  must(*next > after, "the next run comes after");
  const auto later = config::next_run(*read, zone, *next);
  must(later && *later > *next, "and one after that");
  const auto between = config::next_run(*read, zone, *next - std::chrono::seconds{1});
  must(between == next, "and none in between");
}
