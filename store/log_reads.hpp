#pragma once

#include "store/log_layout.hpp"
#include "store/recent_appends.hpp"

#include <atomic>
#include <utility>

namespace skein::store {

/// The read half over an open database, for the writer's log and the follower alike.
class log_reads {
public:
  /// Reads the log id and the last sequence; fails on a log of another format. What `index` does
  /// not know is still to be gathered.
  static expected<std::unique_ptr<log_reads>> over(std::unique_ptr<database>);

  /// Looks up the last sequence anew, as the follower must after catching up.
  expected<void> find_last_sequence();

  /// The last sequence that `index` knows about.
  expected<uint64_t> indexed_up_to() const;

  /// Takes into `recent` every append from that sequence on, which must be the first of a chunk or
  /// one past the last. Calls `taken` after each chunk; its failure ends the gathering.
  expected<void> gather(uint64_t from_sequence, const std::function<expected<void>()>& taken);

  expected<uint64_t> read(uint64_t from_sequence, uint64_t limit, const record_visitor&) const;
  expected<uint64_t> read_stream(std::string_view stream, uint64_t from_version,
                                 const stream_record_visitor&) const;
  expected<uint64_t> stream_version(std::string_view stream) const;
  expected<void> streams(std::string_view prefix, std::string_view after,
                         const stream_visitor&) const;
  expected<std::optional<store::snapshot>> snapshot(std::string_view stream) const;
  expected<uint64_t> cursor(std::string_view name) const;

  std::unique_ptr<database> db;
  std::string log_id;
  std::atomic<uint64_t> last_sequence = 0;
  recent_appends recent;

private:
  explicit log_reads(std::unique_ptr<database> opened) : db{std::move(opened)} {}
  expected<void> find_log_id();
  expected<uint64_t> indexed_version(std::string_view stream, uint64_t committed) const;
};

/// Gives an interface derived from log_reader its read half.
template <class Interface>
class reading : public Interface {
public:
  explicit reading(std::unique_ptr<log_reads> reads) : reads_{std::move(reads)} {}

  const std::string& log_id() const override { return reads_->log_id; }
  uint64_t last_sequence() const override { return reads_->last_sequence; }

  expected<uint64_t> read(uint64_t from_sequence, uint64_t limit,
                          const record_visitor& visit) const override {
    return reads_->read(from_sequence, limit, visit);
  }
  expected<uint64_t> read_stream(std::string_view stream, uint64_t from_version,
                                 const stream_record_visitor& visit) const override {
    return reads_->read_stream(stream, from_version, visit);
  }
  expected<uint64_t> stream_version(std::string_view stream) const override {
    return reads_->stream_version(stream);
  }
  expected<void> streams(std::string_view prefix, std::string_view after,
                         const stream_visitor& visit) const override {
    return reads_->streams(prefix, after, visit);
  }
  expected<std::optional<store::snapshot>> snapshot(std::string_view stream) const override {
    return reads_->snapshot(stream);
  }
  expected<uint64_t> cursor(std::string_view name) const override { return reads_->cursor(name); }

protected:
  std::unique_ptr<log_reads> reads_;
};

} // namespace skein::store
