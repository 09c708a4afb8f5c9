#pragma once

#include "actors/worker_facts.hpp"
#include "cluster/bus.hpp"
#include "config/workspace.hpp"
#include "events/failure.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace skein::actors {

struct scan_reply;

/// The scanner role: runs the workspace's scheduled agents, and any of its agents when asked to, in
/// this process or over the bus (subjects::scanner_run):
///
///     {"agent": "dataset-scanner"}            or {} for all that have a schedule
///     {"started": ["dataset-scanner"], "running": [], "scan": "scan-20261122T101500Z-1a2b"}
///     {"started": [], "running": [], "error": "..."}
class scanner_role {
public:
  struct parts {
    const config::workspace* space = nullptr; ///< outlives the role, as does the bus
    cluster::bus* bus = nullptr;
    std::string metadata_api; ///< for agents, like the next
    std::string nats_url;
    variables api = {}; ///< by which its agents call the daemon's own interface
  };

  static expected<std::unique_ptr<scanner_role>> start(const parts& given);

  /// Ends the runs under way. Takes a few seconds at most.
  ~scanner_role();

  /// As over the bus; `reply` is called once, on any thread.
  void run_now(std::string agent, std::function<void(const scan_reply&)> reply);

private:
  struct impl;
  explicit scanner_role(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::actors
