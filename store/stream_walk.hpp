#pragma once

#include "store/chunk.hpp"
#include "store/database.hpp"
#include "store/index_run.hpp"
#include "store/log_reader.hpp"

#include <vector>

namespace skein::store {

/// Visits one stream's records, run by run. Places are gathered, so that RocksDB is asked for many
/// chunks at once, and only once for a chunk that several of them share.
class stream_walk {
public:
  /// Visits from version `from` on, and nothing beyond sequence `committed`.
  stream_walk(const database&, std::string_view stream, uint64_t from, uint64_t committed,
              const stream_record_visitor&);

  /// Runs may overlap, and must leave no gap.
  expected<void> take(const index_run&);

  /// To be called at the end. Answers the version to go on from.
  expected<uint64_t> finish();

  /// Whether the visitor has had enough.
  bool stopped() const { return stopped_; }

private:
  struct planned {
    uint64_t version;
    place where;
  };

  expected<void> plan(const planned&);
  expected<void> read_waiting();
  expected<void> visit(const planned&, chunk_reader);

  const database& db_;
  std::string_view stream_;
  uint64_t committed_;
  const stream_record_visitor& visit_;
  uint64_t next_; // to be visited
  std::vector<planned> waiting_;
  uint64_t planned_; // what waiting_ goes on with
  bool stopped_ = false;
};

} // namespace skein::store
