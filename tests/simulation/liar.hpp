#pragma once

#include "events/bus.hpp"
#include "tests/simulation/environment.hpp"

#include <functional>
#include <string>
#include <vector>

namespace skein::simulation {

/// What a worker can say to the coordinator.
struct worker_lines {
  std::function<void(const bus::lease_request&, std::function<void(const bus::lease_reply&)>)> ask;
  std::function<void(const bus::report&)> report;
  std::function<void(const bus::heartbeat&)> beat;
};

/// A worker that keeps to no rule: takes leases and forgets them, reports twice, late, with wrong
/// epochs and for attempts nobody leased to it, and claims leases that are not its own.
class liar {
public:
  liar(environment& world, std::string name, worker_lines lines)
      : world_{world}, name_{std::move(name)}, lines_{std::move(lines)} {}

  /// Does one thing or another.
  void act();

private:
  void ask();
  void report();
  void beat();
  bus::report::item invent();
  bus::report::item recall();
  std::string any_migration();

  environment& world_;
  std::string name_;
  worker_lines lines_;
  std::vector<bus::assignment> taken_;  ///< every lease it ever had
  std::vector<bus::report::item> told_; ///< every report it ever made
};

} // namespace skein::simulation
