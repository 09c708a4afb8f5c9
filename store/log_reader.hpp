#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace skein::store {

/// A record as a reader sees it. `bytes` is valid only during the call it is handed to.
struct stored {
  uint64_t sequence;
  std::string_view bytes;
};

/// A stream with at least one record. `id` is valid only during the call it is handed to.
struct stream_info {
  std::string_view id;
  uint64_t version;       ///< how many records the stream has
  uint64_t last_sequence; ///< of its newest record
};

/// A state worked out from the first `stream_version` records of a stream, so that a reader need
/// only replay what follows. Bytes of another `schema_version` than the reader's are to be ignored.
struct snapshot {
  uint32_t schema_version = 0;
  uint64_t stream_version = 0;
  std::string bytes;

  bool operator==(const snapshot&) const = default;
};

/// Visitors answer whether they took the record: false ends the reading, and the record counts as
/// not taken.
using record_visitor = std::function<bool(const stored&)>;
using stream_record_visitor = std::function<bool(uint64_t version, const stored&)>;
using stream_visitor = std::function<bool(const stream_info&)>;

inline constexpr uint64_t no_limit = UINT64_MAX;

/// The read half of the event log. Any number of threads may read while one thread commits; they
/// see whole commits that are on disk, and nothing else.
///
/// Sequences (over the whole log) and versions (within one stream) start at 1 and have no gaps. A
/// read that meets a gap or a record that fails its checksum is a failure that names the sequence.
class log_reader {
public:
  virtual ~log_reader() = default;

  /// 32 hex digits drawn when the log was created: tells two logs with equal sequences apart.
  virtual const std::string& log_id() const = 0;

  /// 0 while the log is empty.
  virtual uint64_t last_sequence() const = 0;

  /// Visits up to `limit` records in sequence order, from `from_sequence` on. Answers the sequence
  /// to go on from: one past the last record taken.
  virtual expected<uint64_t> read(uint64_t from_sequence, uint64_t limit,
                                  const record_visitor& visit) const = 0;

  /// Visits a stream's records in order, from `from_version` on (1 is the first; after a snapshot,
  /// its stream_version + 1). Answers the version to go on from. An unknown stream has no records.
  virtual expected<uint64_t> read_stream(std::string_view stream, uint64_t from_version,
                                         const stream_record_visitor& visit) const = 0;

  /// How many records the stream has; 0 if it is unknown.
  virtual expected<uint64_t> stream_version(std::string_view stream) const = 0;

  /// Visits the streams whose id starts with `prefix` ("" for all) and is greater than `after`
  /// ("" to start), in byte order. Costs a pass over those streams' index entries.
  virtual expected<void> streams(std::string_view prefix, std::string_view after,
                                 const stream_visitor& visit) const = 0;

  /// The newest snapshot of a stream. Nothing if there is none, or if it covers records that the
  /// stream does not have.
  virtual expected<std::optional<store::snapshot>> snapshot(std::string_view stream) const = 0;

  /// How far the relay of that name has come: the last sequence it handled, 0 if it is new. Never
  /// beyond last_sequence(). Can be older than the last put_cursor(), never newer.
  virtual expected<uint64_t> cursor(std::string_view name) const = 0;
};

} // namespace skein::store
