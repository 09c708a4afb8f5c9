#pragma once

#include "actors/queue_gauge.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::actors {

/// A measurement that is taken when it is asked for.
struct gauge_reading {
  std::string name;
  std::string help;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
};

/// What a daemon has counted since it started, in the text format of Prometheus. docs/api.md lists
/// the names. For any number of threads.
class metrics {
public:
  metrics();
  ~metrics();

  /// A commit of the log, with its fsync.
  void committed(double seconds, std::size_t appends, std::size_t events);

  void answered(const std::string& route, const std::string& method, int status, double seconds);

  /// Takes how much waits just now in one of the daemon's own queues; for as long as this lives.
  queue_gauge queue(const std::string& name);

  /// Events of one type that the log has.
  void happened(std::string_view type, uint64_t count);

  /// With these beside what was counted. Readings of one name stand together.
  std::string text(const std::vector<gauge_reading>& now) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace skein::actors
