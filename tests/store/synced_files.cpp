#include "synced_files.hpp"

#include "support.hpp"

#include <algorithm>
#include <atomic>
#include <random>

namespace skein::store::test {

namespace fs = std::filesystem;

namespace {

/// How many bytes of a file survive.
uint64_t kept_bytes(uint64_t synced, uint64_t written, const survival& how, std::mt19937_64& dice) {
  switch (how.data) {
    case survival::unsynced::nothing: return synced;
    case survival::unsynced::some:
      return std::uniform_int_distribution<uint64_t>{synced, written}(dice);
    case survival::unsynced::everything:
    case survival::unsynced::zeros: break;
  }
  return written;
}

/// On the same file system, since hard links are made there; a folder may get several in turn.
fs::path place_beside(const fs::path& folder) {
  static std::atomic<int> count = 0;
  return folder.string() + ".aside-" + std::to_string(++count);
}

} // namespace

synced_files::synced_files(fs::path folder)
    : folder_{std::move(folder)}, aside_{place_beside(folder_)} {
  fs::create_directories(aside_);
  if (!fs::exists(folder_))
    return;
  for (auto& file : fs::directory_iterator{folder_})
    now_[file.path().filename()]
        = std::make_shared<content>(content{file.path(), file.file_size(), file.file_size()});
  safe_ = now_;
}

synced_files::~synced_files() {
  std::error_code ignored;
  fs::remove_all(aside_, ignored);
}

bool synced_files::is_ours(const fs::path& path) const {
  return path.parent_path() == folder_ && !path.filename().string().starts_with("LOG")
         && path.filename() != "LOCK";
}

std::shared_ptr<synced_files::content> synced_files::find(const fs::path& path) const {
  auto found = is_ours(path) ? now_.find(path.filename()) : now_.end();
  return found == now_.end() ? nullptr : found->second;
}

/// A second name for the bytes, under which they outlive their first.
void synced_files::keep_aside(const fs::path& path) {
  if (auto found = find(path); found && fs::exists(path)) {
    found->at = aside_ / std::to_string(++kept_);
    fs::create_hard_link(path, found->at);
  }
}

void synced_files::create(const fs::path& path) {
  if (!is_ours(path))
    return;
  remove(path);
  fs::remove(path); // so that what is kept aside is not truncated
  now_[path.filename()] = std::make_shared<content>(content{path});
}

void synced_files::remove(const fs::path& path) {
  keep_aside(path);
  if (is_ours(path))
    now_.erase(path.filename());
}

void synced_files::rename(const fs::path& from, const fs::path& to) {
  remove(to);
  if (auto moved = find(from)) {
    now_.erase(from.filename());
    moved->at = to;
    now_[to.filename()] = moved;
  }
}

void synced_files::link(const fs::path& from, const fs::path& to) {
  if (auto linked = find(from)) {
    linked->at = to; // the first name may go without our being told
    now_[to.filename()] = linked;
  }
}

void synced_files::wrote(const fs::path& path, uint64_t bytes) {
  if (auto file = find(path))
    file->written += bytes;
}

void synced_files::synced(const fs::path& path) {
  if (auto file = find(path))
    file->synced = std::min(file->written, file->synced_max);
}

void synced_files::failed_to_sync(const fs::path& path) {
  if (auto file = find(path))
    file->synced_max = file->synced;
}

void synced_files::synced_folder() { safe_ = now_; }

void synced_files::copy_survivors(const fs::path& to, const survival& how) const {
  std::mt19937_64 dice{how.seed};
  fs::create_directories(to);
  for (auto& [name, file] : how.entries == survival::names::synced ? safe_ : now_) {
    auto bytes = read_file(file->at);
    bytes.resize(kept_bytes(file->synced, file->written, how, dice));
    if (how.data == survival::unsynced::zeros)
      std::fill(bytes.begin() + static_cast<ptrdiff_t>(file->synced), bytes.end(), '\0');
    write_file(to / name, bytes);
  }
}

} // namespace skein::store::test
