#pragma once

#include "actors/breaker.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace skein::actors {

/// What limits and digests need to know of a step that wants to run, or runs.
struct step_info {
  std::string id;
  std::string step;
  std::string agent;
  std::string scan;
  std::string owner;
  std::string storage;
  int32_t priority = 0;
};

/// The pool whose workers run processes (cluster/subjects.hpp).
inline const std::string fleet_pool = "default";

/// The worker that attempts of steps that tell people are leased to (cluster/subjects.hpp).
inline const std::string notifier_worker = "notifier";

/// What its circuit breaker is for.
inline breaker_target target_of(const step_info& x) { return {x.agent, x.storage}; }

/// A step of a migration: its id and its name.
using step_key = std::pair<std::string, std::string>;

inline step_key key_of(const step_info& x) { return {x.id, x.step}; }

} // namespace skein::actors
