#pragma once

#include "config/agent.hpp"
#include "config/cron.hpp"

#include <map>
#include <string>
#include <vector>

namespace skein::actors {

/// When each scheduled agent was last due; what a restart must know.
using last_runs = std::map<std::string, config::utc_time>;

/// Decides which scheduled agents to start, and when to look again. Pure: the caller tells the
/// time, and which runs have started and ended.
class schedule_keeper {
public:
  /// A run that is later than this was missed: the scanner was not running, or slept.
  static constexpr std::chrono::seconds late{60};

  /// An agent without a last run has been due at `now`, so that a first start runs nothing.
  schedule_keeper(const std::vector<config::agent>& agents, const last_runs& last,
                  config::utc_time now);

  struct plan {
    std::vector<std::string> start;
    std::vector<std::string> skipped; ///< due, but still running or missed
    std::vector<std::string> trouble; ///< sentences: schedules that cannot be followed
    config::utc_time next;            ///< look again then, or when a run has ended
  };

  /// What is due. It counts as started, unless said to have ended.
  plan look(config::utc_time now);

  /// A run began without being due, or ended.
  void started(const std::string& agent);
  void ended(const std::string& agent);

  const last_runs& last() const { return last_; }

private:
  struct entry {
    config::schedule when;
    uint32_t running = 0;
    bool is_queued = false; ///< due while it ran
  };

  void decide(const std::string& agent, entry& about, bool is_missed, plan& out);

  std::map<std::string, entry> entries_;
  last_runs last_;
};

} // namespace skein::actors
