#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace skein::store {

/// What the writer last told anybody to be safe: the sequence, and how long the write-ahead log
/// that held it was by then.
struct acknowledged {
  uint64_t sequence = 0;
  uint64_t wal_number = 0; ///< of RocksDB's file <number>.log
  uint64_t wal_bytes = 0;

  bool operator==(const acknowledged&) const = default;
};

/// The file `acknowledged` in the log's folder: these three numbers, 8 bytes each in the machine's
/// byte order, overwritten in place after each fsynced commit and itself never synced. So a kill
/// cannot lose it, and a power failure can at most leave an older one, or zeros. Either way it
/// never claims too much, and RocksDB coming back with a lower sequence has lost what somebody was
/// told is safe. RocksDB alone cannot know: to it, a write-ahead log cut at the right byte, or one
/// whose damage looks like an end, is whole.
class acknowledged_mark {
public:
  /// Without room for 24 bytes there is no mark: that costs a later check, not a commit.
  explicit acknowledged_mark(const std::filesystem::path& folder);
  ~acknowledged_mark();
  acknowledged_mark(const acknowledged_mark&) = delete;
  acknowledged_mark& operator=(const acknowledged_mark&) = delete;

  /// Costs no system call: the file is mapped.
  void write(const acknowledged&);

  /// Nothing if there is no whole mark.
  static std::optional<acknowledged> load(const std::filesystem::path& folder);

private:
  uint64_t* mapped_;
};

} // namespace skein::store
