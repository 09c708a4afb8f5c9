#pragma once

#include "actors/runner.hpp"
#include "cluster/bus.hpp"
#include "config/workspace.hpp"
#include "events/failure.hpp"

#include <memory>
#include <string>

namespace skein::actors {

/// The fleet role: one worker that pulls leases of a pool over the bus and runs their attempts, as
/// processes on this host unless told otherwise.
class fleet_role {
public:
  struct parts {
    const config::workspace* space = nullptr; ///< outlives the role, as does the bus
    cluster::bus* bus = nullptr;
    /// Tells workers of one host apart. A worker that comes back under its name has its former
    /// leases ended at once.
    std::string name = "local";
    std::string pool = "default";
    /// What runs the attempts; processes if there is none.
    std::shared_ptr<runner> runs;
  };

  static expected<std::unique_ptr<fleet_role>> start(const parts& given);

  /// Ends the attempts under way (SIGTERM, then SIGKILL) and reports them as lost, so that they are
  /// run again soon. Takes a few seconds at most.
  ~fleet_role();

private:
  struct impl;
  explicit fleet_role(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::actors
