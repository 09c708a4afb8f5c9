#include "config/units.hpp"

#include "config/spelling.hpp"
#include "config/workspace.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace skein::config {

namespace {

struct unit {
  std::string_view name;
  uint64_t factor;
};

constexpr std::array<unit, 6> time_units{
    {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

constexpr std::array<unit, 11> size_units{{{"", 1},
                                           {"B", 1},
                                           {"kB", 1000},
                                           {"KB", 1000},
                                           {"MB", 1'000'000},
                                           {"GB", 1'000'000'000},
                                           {"TB", 1'000'000'000'000},
                                           {"KiB", 1ull << 10},
                                           {"MiB", 1ull << 20},
                                           {"GiB", 1ull << 30},
                                           {"TiB", 1ull << 40}}};

/// Hundred years: longer than any wait, and far from where clock arithmetic overflows.
constexpr uint64_t longest_wait_ms = 36'500ull * 86'400'000;

template <std::size_t N>
std::optional<uint64_t> parse(std::string_view text, const std::array<unit, N>& units,
                              uint64_t most) {
  text = trimmed(text);
  uint64_t count = 0;
  auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc{})
    return {};
  auto name = trimmed({stop, static_cast<std::size_t>(text.data() + text.size() - stop)});
  for (const auto& x : units)
    if (x.name == name)
      return count <= most / x.factor ? std::optional{count * x.factor} : std::nullopt;
  return {};
}

} // namespace

expected<std::chrono::milliseconds> parse_milliseconds(std::string_view text) {
  auto count = parse(text, time_units, longest_wait_ms);
  if (!count)
    return fail(quote(text)
                + " is not a duration; write a whole number with ms, s, m, h or d, such as 90s");
  return std::chrono::milliseconds{*count};
}

expected<std::chrono::seconds> parse_duration(std::string_view text) {
  auto parsed = parse_milliseconds(text);
  if (!parsed)
    return tl::unexpected{parsed.error()};
  if (parsed->count() % 1000 != 0)
    return fail(quote(text) + " is not a whole number of seconds; write one, such as 1s");
  return std::chrono::duration_cast<std::chrono::seconds>(*parsed);
}

expected<uint64_t> parse_size(std::string_view text) {
  auto count = parse(text, size_units, std::numeric_limits<int64_t>::max());
  if (!count)
    return fail(quote(text)
                + " is not a size; write a whole number with kB, MB, GB, TB, KiB, MiB, GiB or TiB, "
                  "such as 512MiB");
  return *count;
}

} // namespace skein::config
