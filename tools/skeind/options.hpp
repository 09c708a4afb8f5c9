#pragma once

#include "config/log.hpp"
#include "events/failure.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace skein::daemon {

struct options {
  std::filesystem::path workspace = ".";
  std::set<std::string> roles;  ///< coordinator, scanner, fleet, notifier; empty: all
  std::string nats_url;         ///< overrides the workspace's; empty: that, or an embedded server
  std::string metadata_url;     ///< for a scanner away from its coordinator
  std::string worker = "local"; ///< tells workers of one host apart
  bool log_to_stderr = false;
  bool start_paused = false; ///< halt the fleet before anything begins
  log::level least = log::level::info;

  bool has(const std::string& role) const { return roles.empty() || roles.contains(role); }
};

/// Runs the roles until a signal asks it to stop. Fails, with a sentence for the operator, when it
/// cannot start or a role keeps failing.
expected<void> run(const options& given);

} // namespace skein::daemon
