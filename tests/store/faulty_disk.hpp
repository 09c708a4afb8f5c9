#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace rocksdb {
class Env;
} // namespace rocksdb

namespace skein::store::test {

class disk_rules;

/// `current` is CURRENT and what is about to become it; `other` also stands for the folder itself.
enum class file_kind { wal, table, manifest, current, other };

enum class file_operation { create, write, sync, rename, read };

enum class file_outcome {
  fails,      ///< EIO, and nothing happened
  no_space,   ///< ENOSPC, now and for every later write, until mended
  is_short,   ///< half of the bytes reach the file, then EIO
  is_lost,    ///< answered as done, and not done
  is_flipped, ///< one bit of what was read is another
};

struct fault {
  file_kind file;
  file_operation on;
  file_outcome how;
  uint64_t nth = 1; ///< of these operations from now on
};

/// "write 3 of manifest fails"
std::string describe(const fault&);

/// What a machine that lost its power is left with.
struct survival {
  /// Of the bytes written and never fsynced: file by file a prefix as the seed says for `some`;
  /// `zeros` in their place, where the file's length reached the disk and its bytes did not.
  enum class unsynced { nothing, some, everything, zeros };
  /// `synced`: the folder as of its last fsync, what was renamed has its old name. `latest`: as the
  /// process last saw it, on a file system that journals names in order.
  enum class names { synced, latest };

  unsynced data = unsynced::nothing;
  names entries = names::synced;
  uint64_t seed = 0;
};

/// The files of one RocksDB folder, on a disk that fails when told to. Everything goes through to
/// real files, which others can look at meanwhile. Any thread may use it.
class faulty_disk {
public:
  /// What the folder holds by now counts as safe.
  explicit faulty_disk(const std::filesystem::path& folder);
  ~faulty_disk();
  faulty_disk(const faulty_disk&) = delete;
  faulty_disk& operator=(const faulty_disk&) = delete;

  /// For open_log_through().
  rocksdb::Env& files() const;

  /// From now on; replaces the fault before.
  void inject(const fault&);

  /// Every write beyond so many more bytes ends with ENOSPC, the first of them in its middle.
  void leave_room_for(uint64_t bytes);

  /// Whether the fault has happened.
  bool fired() const;

  /// From now on all is well.
  void mend();

  /// How often that was asked for.
  uint64_t count(file_kind, file_operation) const;

  /// Called before every operation that changes something, on the thread that asks for it.
  void watch(std::function<void()>);

  /// Puts what the disk would hold after a power failure now into a new folder. RocksDB's files
  /// only: the mark is not among them.
  void cut_power(const std::filesystem::path& to, const survival&) const;

private:
  std::unique_ptr<disk_rules> rules_;
  std::unique_ptr<rocksdb::Env> env_;
};

} // namespace skein::store::test
