#include "actors/api/access.hpp"

#include <array>
#include <charconv>

namespace skein::actors {

namespace {

struct named_role {
  std::string_view name;
  role value;
};
constexpr std::array named{named_role{"viewer", role::viewer},
                           named_role{"operator", role::operator_},
                           named_role{"agent", role::agent}, named_role{"admin", role::admin}};

} // namespace

std::string_view to_string(role x) {
  for (const auto& each : named)
    if (each.value == x)
      return each.name;
  return "";
}

std::optional<role> role_of(std::string_view name) {
  for (const auto& each : named)
    if (each.name == name)
      return each.value;
  return std::nullopt;
}

std::optional<attempt_id> parse_attempt_id(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0)
    return std::nullopt;
  attempt_id result{std::string{text.substr(0, colon)}, 0};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, result.epoch);
  if (error != std::errc{} || stop != end || result.text() != text)
    return std::nullopt;
  return result;
}

} // namespace skein::actors
