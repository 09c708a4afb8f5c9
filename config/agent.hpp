#pragma once

#include "config/cron.hpp"
#include "events/failure.hpp"
#include "events/workflow.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace skein::config {

/// What to do when a scheduled run is due while the last one still runs.
enum class overlap_policy : uint8_t { skip, queue, allow };

/// What to do with runs that fell due while no scanner was running.
enum class missed_policy : uint8_t { skip, run_once };

/// When a scheduled agent runs.
struct schedule {
  cron when;
  std::string time_zone = "UTC"; ///< IANA name
  overlap_policy overlap = overlap_policy::skip;
  missed_policy missed = missed_policy::run_once;
};

/// What the operating system holds an attempt to; zero: no limit.
struct resource_limits {
  std::chrono::seconds cpu{0};
  uint64_t memory_bytes = 0;
};

struct volume {
  std::string host;
  std::string target;
  bool read_only = false;
};

/// A named program that carries out a step or a scheduled job (design.md, section 8).
struct agent {
  std::string name;
  std::string image;                ///< honoured by pools that run containers
  std::vector<std::string> command; ///< `${…}` not yet expanded; never run by a shell
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<volume> volumes;
  std::optional<config::schedule> schedule;
  resource_limits limits;
  uint32_t concurrency = 0; ///< attempts of this agent at once in the whole fleet; 0: no limit
  std::string channel;      ///< set: runs in the notifier, once per digest (`email`)
  std::string origin;       ///< `file:line:column`, for messages
  std::vector<std::string> warnings; ///< what is accepted, but worth a second look
};

} // namespace skein::config
