#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

namespace rocksdb {
class Logger;
}

namespace skein::store {

/// The newest lines that RocksDB had to say at level WARN or above. Its statuses often only say
/// "checksum mismatch"; which file it was stands in such a line.
class warning_lines {
public:
  void add(std::string line);

  /// All of them in one, empty if there are none.
  std::string joined() const;

private:
  mutable std::mutex mutex_;
  std::deque<std::string> lines_;
};

/// A RocksDB info log that keeps warnings in `lines`, and writes them to the end of `file` unless
/// its path is empty. What the disk has no room for is left out: over that, RocksDB's own logger
/// trips over an assertion, which ends the process.
std::shared_ptr<rocksdb::Logger> make_info_log(std::shared_ptr<warning_lines> lines,
                                               const std::filesystem::path& file);

} // namespace skein::store
