#pragma once

#include "store/log_reader.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace skein::store {

/// The next records of one stream, to be added only if the stream has exactly `expected_version`
/// records by then (0: it does not exist yet).
struct append {
  std::string stream; ///< see names.hpp
  uint64_t expected_version = 0;
  std::vector<std::string> records; ///< at least one, each at most record_bytes_max
};

inline constexpr size_t record_bytes_max = 16 << 20;

struct appended {
  uint64_t first_sequence; ///< of the append's first record; the others follow without gaps
  uint64_t version;        ///< how many records the stream has now

  bool operator==(const appended&) const = default;
};

enum class append_fault {
  conflict,   ///< somebody else wrote to the stream first: read it again and decide again
  invalid,    ///< this append can never be stored; the rest of the batch is unharmed
  log_failed, ///< the disk failed; whether the records survive is known only after a reopen
};

struct append_error {
  append_fault fault;
  std::string what;
  uint64_t found_version = 0; ///< on a conflict: the version that the stream really has
};

using append_result = tl::expected<appended, append_error>;

/// The append-only log of opaque records: the only truth of a Skein.
///
/// One thread commits. Everything else may be called from any thread at any time.
class event_log : public log_reader {
public:
  /// Group commit: all valid appends of the batch become one atomic write with one fsync, and are
  /// on disk when this returns. Answers stand in the order of the batch. A conflict or an invalid
  /// append is answered as such and the others go on; two appends to one stream are checked one
  /// after the other, so that the second expects the version that the first leaves.
  ///
  /// After a failed write or fsync the page cache may hold what the disk does not, and asking
  /// again would be answered from the cache. So the log is not asked again: this and every later
  /// commit answers log_failed until the log is opened anew, which reads what really is there.
  virtual std::vector<append_result> commit(std::span<const append> batch) = 0;

  /// Replaces the stream's snapshot. Not synced: a crash may lose it, which costs a longer replay.
  virtual expected<void> put_snapshot(std::string_view stream, const store::snapshot&) = 0;

  /// Notes how far a relay has come. Not synced: after a crash the relay may start from an older
  /// place and repeat messages, which their receivers drop by the event's id.
  virtual expected<void> put_cursor(std::string_view name, uint64_t sequence) = 0;

  /// One sentence on what opening had to give up, to be shown to the operator; empty if nothing.
  virtual const std::string& warning() const = 0;
};

/// What to do about damage found while opening. Bytes of a write that was never acknowledged, torn
/// off by a crash, are no damage and always cut.
enum class on_damage {
  refuse, ///< fail with a sentence that says what is whole; nothing in the folder is changed
  cut,    ///< repair: keep the whole commits before the first damaged byte of the write-ahead log
};

struct log_options {
  on_damage damage = on_damage::refuse;
  size_t write_buffer_bytes = 16 << 20; ///< bounds the replay after a crash: about 1 s at 16 MiB
  size_t block_cache_bytes = 32 << 20;
  size_t cached_versions_max = 1 << 16; ///< streams whose version a commit knows without a seek
};

/// Opens the log in that folder, or creates it there if the folder is empty or missing. Fails if
/// another process has it open, if it was written by a newer Skein, and if it is damaged.
///
/// A log whose end was physically cut off below what was acknowledged (a disk that lied about its
/// fsync, a copy made while running) opens with a warning(); any other loss counts as damage.
expected<std::unique_ptr<event_log>> open_log(const std::filesystem::path&,
                                              const log_options& = {});

/// A log that is open for reading only, beside the process that writes to it.
class log_follower : public log_reader {
public:
  /// Takes in what was committed since the opening or the last refresh: until then the view stands
  /// still. Not while another thread reads: half caught up, the log can look as if it had gaps.
  virtual expected<void> refresh() = 0;
};

/// Needs no lock and changes nothing in the folder, whether or not a writer is at work.
expected<std::unique_ptr<log_follower>> open_log_read_only(const std::filesystem::path&);

/// The same for whoever reads by sequence alone, from first to last, such as an audit: damage is
/// met where it is read, and does not keep from reading what lies before and behind it. Questions
/// about streams are failures.
expected<std::unique_ptr<log_reader>> open_log_by_sequence(const std::filesystem::path&);

} // namespace skein::store
