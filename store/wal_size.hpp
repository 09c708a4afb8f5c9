#pragma once

#include <cstdint>
#include <filesystem>

namespace skein::store {

std::filesystem::path wal_file(const std::filesystem::path& folder, uint64_t number);

/// Watches how long the current write-ahead log is. Asking RocksDB after each commit would cost as
/// much as a tenth of it; but a commit makes the current file longer, so that only a file that did
/// not grow needs asking which one is the current by now.
class wal_size {
public:
  explicit wal_size(std::filesystem::path folder) : folder_{std::move(folder)} {}
  ~wal_size();
  wal_size(const wal_size&) = delete;
  wal_size& operator=(const wal_size&) = delete;

  /// Measures anew, and says whether the file became longer since the last time.
  bool grown();

  /// Goes over to another file.
  void look_at(uint64_t number);

  uint64_t number() const { return number_; }
  uint64_t bytes() const { return bytes_; }

private:
  std::filesystem::path folder_;
  int file_ = -1;
  uint64_t number_ = 0;
  uint64_t bytes_ = 0;
};

} // namespace skein::store
