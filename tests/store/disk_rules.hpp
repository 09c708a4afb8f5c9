#pragma once

#include "faulty_disk.hpp"
#include "synced_files.hpp"

#include <map>
#include <mutex>
#include <optional>

namespace skein::store::test {

file_kind kind_of(const std::string& path);

/// What faulty_disk decides, without RocksDB: which operation meets a fault, and what would outlive
/// a power failure. Any thread may ask.
class disk_rules {
public:
  explicit disk_rules(const std::filesystem::path& folder) : folder_{folder}, synced_{folder} {}

  void inject(const fault&);
  void leave_room_for(uint64_t bytes);
  bool fired() const;
  void mend();
  uint64_t count(file_kind, file_operation) const;
  void watch(std::function<void()>);

  const std::filesystem::path& folder() const { return folder_; }

  /// Nothing if the operation is to go on undisturbed.
  std::optional<file_outcome> meet(file_kind, file_operation);

  /// How many of these bytes there is room for.
  size_t take_room(size_t wanted);

  template <class Note>
  void note(Note note) {
    std::lock_guard lock{mutex_};
    note(synced_);
  }

private:
  mutable std::mutex mutex_;
  std::filesystem::path folder_;
  synced_files synced_;
  std::optional<fault> injected_;
  uint64_t met_ = 0; ///< operations that the injected fault is about
  bool fired_ = false;
  bool full_ = false;
  std::optional<uint64_t> room_;
  std::map<std::pair<file_kind, file_operation>, uint64_t> counts_;
  std::function<void()> watcher_;
};

} // namespace skein::store::test
