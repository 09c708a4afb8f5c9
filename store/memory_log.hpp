#pragma once

#include "store/event_log.hpp"

#include <deque>
#include <map>
#include <mutex>

namespace skein::store {

/// The event log without a disk: same answers, same threading, gone with the process. For tests
/// and for dry runs.
class memory_log final : public event_log {
public:
  std::vector<append_result> commit(std::span<const append> batch) override;
  expected<void> put_snapshot(std::string_view stream, const store::snapshot&) override;
  expected<void> put_cursor(std::string_view name, uint64_t sequence) override;
  const std::string& warning() const override { return warning_; }

  const std::string& log_id() const override { return id_; }
  uint64_t last_sequence() const override;
  expected<uint64_t> read(uint64_t from_sequence, uint64_t limit,
                          const record_visitor&) const override;
  expected<uint64_t> read_stream(std::string_view stream, uint64_t from_version,
                                 const stream_record_visitor&) const override;
  expected<uint64_t> stream_version(std::string_view stream) const override;
  expected<void> streams(std::string_view prefix, std::string_view after,
                         const stream_visitor&) const override;
  expected<std::optional<store::snapshot>> snapshot(std::string_view stream) const override;
  expected<uint64_t> cursor(std::string_view name) const override;

  /// From now on every commit answers log_failed, as after a failed fsync.
  void fail_commits(std::string why);

private:
  append_result append_one(const append&);
  std::optional<stored> find(uint64_t sequence) const;
  std::optional<stored> find(std::string_view stream, uint64_t version) const;

  mutable std::mutex mutex_;
  std::string id_ = std::string(32, '0'); // the same in each run, for reproducible tests
  std::string warning_;
  std::string poison_;
  std::deque<std::string> records_; // never move: visitors look at them without the lock
  std::map<std::string, std::vector<uint64_t>, std::less<>> streams_; // sequences by version - 1
  std::map<std::string, store::snapshot, std::less<>> snapshots_;
  std::map<std::string, uint64_t, std::less<>> cursors_;
};

} // namespace skein::store
