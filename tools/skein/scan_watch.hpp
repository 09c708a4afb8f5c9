#pragma once

#include "cluster/bus.hpp"
#include "tools/skein/outcome.hpp"
#include "tools/skein/scan_ends.hpp"
#include "tools/skein/session.hpp"
#include "tools/skein/source.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace skein::console {

/// Follows one scan to its end. Made before the scan is ordered, so that nothing of it is missed.
class scan_watch {
public:
  static outcome<std::unique_ptr<scan_watch>> start(const daemon& running);

  /// Returns once every run of the scan has ended, which is a trouble if one of them failed, and
  /// all the migrations it asked for rest. `answer` is what the daemon said to the order.
  outcome<void> wait(const nlohmann::json& answer, const daemon_finder& find);

private:
  explicit scan_watch(const daemon& running) : running_{running}, api_{daemon_source(running)} {}

  void hear(const std::string& line);
  outcome<void> wait_for_runs(const std::set<std::string>& agents, const std::string& scan,
                              const daemon_finder& find);
  outcome<void> wait_for_migrations(const std::string& scan);
  outcome<bool> is_at_rest(const std::string& scan);

  daemon running_;
  std::unique_ptr<source> api_;
  std::unique_ptr<cluster::bus> bus_;
  std::mutex guard_;
  std::condition_variable heard_;
  scan_ends ends_;
  cluster::subscription lines_; ///< last: its callbacks use all the others
};

} // namespace skein::console
