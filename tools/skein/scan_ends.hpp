#pragma once

#include "tools/skein/outcome.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <utility>

namespace skein::console {

/// Where the agents' lines are heard, those of all of them.
inline constexpr auto all_agents_log = "skein.v1.agents.*.log";

/// The agents whose runs make up a scan, from the daemon's answer to its order: those that were
/// started for it, or else those of the scan that was under way already.
std::set<std::string> agents_of(const nlohmann::json& answer);

/// How the runs of scans ended, as the agents' lines tell it. Not thread-safe.
class scan_ends {
public:
  /// Takes in a line; true if it tells the end of a run.
  bool hear(const nlohmann::json& line);

  /// Whether all those agents have ended their run for the scan; a trouble if one failed.
  outcome<bool> all_over(const std::set<std::string>& agents, const std::string& scan) const;

private:
  /// By scan and agent: empty, or why the run failed.
  std::map<std::pair<std::string, std::string>, std::string> ends_;
};

} // namespace skein::console
