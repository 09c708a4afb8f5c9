#include "disk_rules.hpp"

#include <algorithm>

namespace skein::store::test {

file_kind kind_of(const std::string& path) {
  const auto name = std::filesystem::path{path}.filename().string();
  if (name.ends_with(".log"))
    return file_kind::wal;
  if (name.ends_with(".sst"))
    return file_kind::table;
  if (name.starts_with("MANIFEST"))
    return file_kind::manifest;
  return name == "CURRENT" || name.ends_with(".dbtmp") ? file_kind::current : file_kind::other;
}

std::string describe(const fault& f) {
  static constexpr const char* files[] = {"wal", "table", "manifest", "current", "other"};
  static constexpr const char* operations[] = {"create", "write", "sync", "rename", "read"};
  static constexpr const char* outcomes[]
      = {"fails", "has no space", "is short", "is lost", "is flipped"};
  return std::string{operations[static_cast<int>(f.on)]} + " " + std::to_string(f.nth) + " of "
         + files[static_cast<int>(f.file)] + " " + outcomes[static_cast<int>(f.how)];
}

void disk_rules::inject(const fault& what) {
  std::lock_guard lock{mutex_};
  injected_ = what;
  met_ = 0;
  fired_ = false;
}

void disk_rules::leave_room_for(uint64_t bytes) {
  std::lock_guard lock{mutex_};
  room_ = bytes;
  fired_ = false;
}

bool disk_rules::fired() const {
  std::lock_guard lock{mutex_};
  return fired_;
}

void disk_rules::mend() {
  std::lock_guard lock{mutex_};
  injected_.reset();
  full_ = false;
  room_.reset();
}

uint64_t disk_rules::count(file_kind file, file_operation on) const {
  std::lock_guard lock{mutex_};
  const auto found = counts_.find({file, on});
  return found == counts_.end() ? 0 : found->second;
}

void disk_rules::watch(std::function<void()> watcher) {
  std::lock_guard lock{mutex_};
  watcher_ = std::move(watcher);
}

std::optional<file_outcome> disk_rules::meet(file_kind file, file_operation on) {
  std::unique_lock lock{mutex_};
  if (watcher_ && on != file_operation::read) {
    const auto watcher = watcher_;
    lock.unlock();
    watcher();
    lock.lock();
  }
  ++counts_[{file, on}];
  if (full_ && (on == file_operation::write || on == file_operation::create))
    return file_outcome::no_space;
  if (!injected_ || injected_->file != file || injected_->on != on || ++met_ != injected_->nth)
    return std::nullopt;
  fired_ = true;
  full_ = injected_->how == file_outcome::no_space;
  return injected_->how;
}

size_t disk_rules::take_room(size_t wanted) {
  std::lock_guard lock{mutex_};
  if (!room_)
    return wanted;
  const auto taken = std::min<uint64_t>(wanted, *room_);
  *room_ -= taken;
  fired_ = fired_ || taken < wanted;
  return taken;
}

} // namespace skein::store::test
