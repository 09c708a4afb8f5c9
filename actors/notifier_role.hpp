#pragma once

#include "actors/worker_facts.hpp"
#include "cluster/bus.hpp"
#include "config/workspace.hpp"
#include "events/failure.hpp"

#include <memory>
#include <string>

namespace skein::actors {

/// The notifier role: takes notices off the bus and has them told, a digest at a time, by the
/// agents that have a `channel`.
class notifier_role {
public:
  struct parts {
    const config::workspace* space = nullptr; ///< outlives the role, as does the bus
    cluster::bus* bus = nullptr;
    std::string metadata_api; ///< for agents, like the next
    std::string nats_url;
    variables api = {}; ///< by which its agents call the daemon's own interface
  };

  static expected<std::unique_ptr<notifier_role>> start(const parts& given);

  /// Gives back what is not told yet. Takes a few seconds at most.
  ~notifier_role();

private:
  struct impl;
  explicit notifier_role(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::actors
