#pragma once

#include "store/event_log.hpp"

#include <map>
#include <string>
#include <vector>

namespace skein::store::test {

/// What one run of a fixed workload was told by its log.
struct told {
  uint64_t commits = 0;              ///< acknowledged, from the first one on
  std::vector<append_error> refused; ///< answers of the commits after those
};

/// The commits of the script: some of one record, some of many appends, some large, so that a log
/// with small buffers flushes in their midst.
std::vector<append> scripted_commit(uint64_t number);

/// Records of the first `commits` of them, in the log's order.
std::vector<std::string> scripted_records(uint64_t commits);

/// How many records each stream has by then.
std::map<std::string, uint64_t> scripted_versions(uint64_t commits);

/// Settings under which the script reaches every kind of file.
log_options small_buffers();

/// Goes on with the script behind the `done` commits already in the log, with snapshots and cursors
/// in between, and does not stop at a refusal.
told run_script(event_log&, uint64_t done, uint64_t until);

/// How many commits of the script a log holds. Requires that each is whole, and the streams and the
/// sequence of records agree.
uint64_t require_scripted(const log_reader&);

} // namespace skein::store::test
