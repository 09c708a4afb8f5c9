#pragma once

#include "store/log_reader.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace skein::bench {

/// RocksDB without us: what the baselines are made of. Includes no RocksDB header.
class raw_database {
public:
  /// Opens a log of ours for reading, with all its column families.
  static raw_database of_log(const std::filesystem::path&);

  /// A database with one key for each record of the log, in order: copied, flushed, opened anew.
  static raw_database copy_of(const store::log_reader&, const std::filesystem::path&);

  ~raw_database();
  raw_database(raw_database&&) noexcept;

  /// The values of `chunks` in order, with their keys.
  void each_chunk(const std::function<void(uint64_t first, std::string_view value)>&) const;

  /// The records of these sequences in one MultiGet, of a copy_of(): how many bytes they have.
  size_t read(const std::vector<uint64_t>& sequences) const;

private:
  struct impl;
  explicit raw_database(std::unique_ptr<impl>);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::bench
