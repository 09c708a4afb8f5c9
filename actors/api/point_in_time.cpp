#include "actors/api/point_in_time.hpp"

#include "config/workspace.hpp"

#include <charconv>
#include <optional>
#include <string>

namespace skein::actors {

namespace {

using namespace std::chrono;

constexpr auto longest_ago = std::chrono::years{1000};

/// Takes fields of fixed width off the front of a text. Once something does not fit, it stays not
/// ok().
class field_reader {
public:
  explicit field_reader(std::string_view text) : rest_{text} {}

  unsigned number(std::size_t digits) {
    unsigned value = 0;
    for (std::size_t i = 0; i < digits; ++i)
      value = value * 10 + static_cast<unsigned>(one_of("0123456789") - '0');
    return value;
  }

  char one_of(std::string_view allowed) {
    ok_ = ok_ && !rest_.empty() && allowed.find(rest_[0]) != allowed.npos;
    if (!ok_)
      return '0';
    const char taken = rest_[0];
    rest_.remove_prefix(1);
    return taken;
  }

  bool next_is(std::string_view allowed) const {
    return !rest_.empty() && allowed.find(rest_[0]) != allowed.npos;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool ok_ = true;
};

microseconds read_fraction(field_reader& from) {
  if (!from.next_is("."))
    return microseconds{0};
  from.one_of(".");
  int64_t value = from.number(1) * 100'000;
  for (int64_t unit = 10'000; from.next_is("0123456789"); unit /= 10)
    value += unit * from.number(1);
  return microseconds{value};
}

struct second_and_fraction {
  seconds second{0};
  microseconds fraction{0};
};

/// RFC 3339 always has seconds; people, and ISO 8601, leave them out.
second_and_fraction read_seconds(field_reader& from) {
  if (!from.next_is(":"))
    return {};
  from.one_of(":");
  const seconds s{from.number(2)};
  return {s, read_fraction(from)};
}

minutes read_offset(field_reader& from) {
  const char sign = from.one_of("Zz+-");
  if (sign == 'Z' || sign == 'z')
    return minutes{0};
  const auto hour = from.number(2);
  from.one_of(":");
  const minutes offset = hours{hour} + minutes{from.number(2)};
  return sign == '-' ? -offset : offset;
}

std::optional<migration::timestamp> read_moment(std::string_view text) {
  field_reader from{text};
  const auto y = static_cast<int>(from.number(4));
  from.one_of("-");
  const auto mo = from.number(2);
  from.one_of("-");
  const year_month_day day{year{y}, month{mo}, std::chrono::day{from.number(2)}};
  from.one_of("Tt ");
  const hours h{from.number(2)};
  from.one_of(":");
  const minutes mi{from.number(2)};
  const auto [s, fraction] = read_seconds(from);
  const auto offset = read_offset(from);
  if (!from.at_end() || !day.ok() || h > 23h || mi > 59min || s > 60s)
    return std::nullopt;
  return sys_days{day} + h + mi + s + fraction - offset;
}

} // namespace

expected<migration::timestamp> parse_rfc3339(std::string_view text) {
  if (auto moment = read_moment(text))
    return *moment;
  return fail("'" + std::string{text} + "' is not a time such as 2026-11-22T10:00:00Z");
}

expected<point_in_time> parse_point_in_time(std::string_view text, migration::timestamp now) {
  uint64_t sequence = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, sequence);
  if (error == std::errc{} && stop == end)
    return sequence;
  if (text.starts_with('-'))
    if (auto ago = config::parse_duration(text.substr(1)); ago && *ago <= longest_ago)
      return now - *ago;
  if (auto moment = read_moment(text))
    return *moment;
  return fail("'" + std::string{text}
              + "' is no point in time; give a sequence number of the log, a time such as "
                "2026-11-22T10:00:00Z, or how long ago, such as -2h");
}

} // namespace skein::actors
