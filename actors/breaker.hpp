#pragma once

#include "events/migration.hpp"

#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

/// What others see of circuit breakers (circuit_breaker.hpp).
namespace skein::actors {

/// What fails together: an agent at its work on one storage system, which may be unknown.
struct breaker_target {
  std::string agent;
  std::string storage;

  auto operator<=>(const breaker_target&) const = default;
};

/// Values are in metrics: never renumber.
enum class breaker_status : uint8_t { closed = 0, half_open = 1, open = 2 };

std::string_view to_string(breaker_status) noexcept;

struct breaker_line {
  breaker_target target;
  breaker_status status = breaker_status::closed;
  migration::timestamp half_open_at{}; ///< if it is not closed
  uint32_t failures = 0, outcomes = 0; ///< of the newest attempts until it opened
  std::string why;                     ///< what the last that failed failed of
};

/// Of what nothing may start, or one attempt at a time.
struct tripped_breakers {
  std::set<breaker_target> open, half_open;
};

} // namespace skein::actors
