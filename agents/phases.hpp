#pragma once

#include "agents/overseer.hpp"

#include <chrono>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skein::agents {

class database;

/// What one phase of a migration did and how long it took.
struct phase_report {
  std::string name;
  double seconds = 0;
  int64_t rows = 0;
  uint64_t bytes = 0;
};

/// Keeps the reports of the phases in their order and tells the overseer which one runs.
class phase_log {
public:
  phase_log(overseer&, database&);
  ~phase_log();
  phase_log(const phase_log&) = delete;
  phase_log& operator=(const phase_log&) = delete;

  /// `from` and `to` are the phase's part of the whole, 0 to 1.
  void begin(const std::string& name, double from, double to);
  void end(int64_t rows, uint64_t bytes);

  double seconds() const;
  const std::vector<phase_report>& reports() const { return reports_; }

private:
  using clock = std::chrono::steady_clock;

  overseer& watcher_;
  database& db_;
  clock::time_point first_ = clock::now();
  clock::time_point began_ = first_;
  std::vector<phase_report> reports_;
};

nlohmann::json to_json(const phase_report&);

} // namespace skein::agents
