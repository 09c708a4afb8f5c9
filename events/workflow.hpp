#pragma once

#include "events/failure.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace skein {

/// How an attempt can go wrong. Values are on disk: never renumber.
enum class error_class : uint8_t {
  transient = 1,     ///< may work next time: the agent said so (exit 75)
  permanent = 2,     ///< will not work next time: bad data, bad contract, a bug
  timeout = 3,       ///< ran longer than its step allows
  lost = 4,          ///< the worker went silent: nobody knows how it went
  out_of_memory = 5, ///< ended by its memory limit
};

inline constexpr std::size_t error_class_count = 5;

constexpr std::size_t index_of(error_class x) { return static_cast<std::size_t>(x) - 1; }

const char* to_string(error_class) noexcept;

/// How often, and after how long, an attempt that failed one way is made again. The wait before
/// the n-th retry is uniform in [0, min(cap, base * 2^(n-1))]: exponential backoff with full
/// jitter (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
struct retry_rule {
  uint32_t max_attempts = 1; ///< failures of this class a step may have before it is parked
  std::chrono::milliseconds base{1000};
  std::chrono::milliseconds cap{60'000};

  bool operator==(const retry_rule&) const = default;
};

/// One rule for each error class, in the order of their numbers.
struct retry_policy {
  std::array<retry_rule, error_class_count> rules{{
      {5, std::chrono::seconds{1}, std::chrono::seconds{60}}, // transient
      {1, std::chrono::seconds{0}, std::chrono::seconds{0}},  // permanent
      {2, std::chrono::seconds{1}, std::chrono::seconds{60}}, // timeout
      {10, std::chrono::seconds{0}, std::chrono::seconds{5}}, // lost
      {2, std::chrono::seconds{5}, std::chrono::seconds{60}}, // out of memory
  }};

  const retry_rule& of(error_class x) const { return rules[index_of(x)]; }

  bool operator==(const retry_policy&) const = default;
};

/// A node of a workflow.
struct step {
  std::string name;
  std::string agent;
  std::vector<std::string> depends_on;
  std::chrono::milliseconds timeout{std::chrono::minutes{15}};
  retry_policy retry;

  bool operator==(const step&) const = default;
};

/// A directed acyclic graph of steps. A migration keeps the exact one it started with.
struct workflow {
  std::string name;
  std::vector<step> steps;

  bool operator==(const workflow&) const = default;
};

/// Why a workflow cannot run: a step name used twice or empty, a dependency that is not there, a
/// cycle (named step by step), or no steps at all. `where` is the index of the step at fault.
struct workflow_fault {
  std::size_t where;
  std::string what;
};

std::vector<workflow_fault> faults_of(const workflow&);

} // namespace skein
