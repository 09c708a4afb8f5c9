#pragma once

#include "store/database.hpp"

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace skein::store {

/// What tells one use of an ordered_store from another.
struct ordered_use {
  std::string_view noun;   ///< for sentences: "view"
  std::string_view format; ///< what its "format" entry says, before the version
  unsigned format_version;
  bool synced; ///< a write is on disk when it is answered, and damage is not cut but refused
  std::size_t cache_bytes = 8 << 20; ///< of what was read, for the next who reads it
  /// Read and kept as one: small for single keys, large for scans.
  std::size_t block_bytes = 4 << 10;
};

struct ordered_change {
  std::string key;
  std::optional<std::string> value; ///< nothing: erase the key
};

/// False ends the scan.
using ordered_visitor = std::function<bool(std::string_view key, std::string_view value)>;

/// A RocksDB of one column family with sorted keys: what the view store and the metadata store are
/// made of. Any thread may read and write at any time.
class ordered_store {
public:
  static expected<std::unique_ptr<ordered_store>> open(const std::filesystem::path&,
                                                       const ordered_use&, access);

  expected<std::optional<std::string>> get(std::string_view key) const;

  /// What is under each of the keys, in their order, all as they were at one moment. Many together
  /// cost less than one after the other.
  expected<std::vector<std::optional<std::string>>>
  get_all(std::span<const std::string> keys) const;

  /// Visits at most `limit` keys that start with `prefix` and are greater than `after`, in order
  /// and as they were when the scan began.
  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const ordered_visitor& visit) const;

  /// All changes or none. After a failure every later write fails until the store is opened anew.
  expected<void> write(std::span<const ordered_change>);

private:
  ordered_store(std::unique_ptr<database> db, bool synced) : db_{std::move(db)}, synced_{synced} {}

  std::unique_ptr<database> db_;
  bool synced_;
  std::mutex mutex_;
  std::optional<failure> broken_; // why a write failed
};

} // namespace skein::store
