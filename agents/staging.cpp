#include "agents/staging.hpp"

#include "agents/files.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace skein::agents {

namespace fs = std::filesystem;

namespace {

constexpr int lock_tries = 16;

outcome<void> make_folders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error)
    return tl::unexpected<trouble>{trouble_of(error.value(), "create the folder", path)};
  return {};
}

/// Whoever holds the lock is alone, so whatever is there was left by attempts that were killed.
outcome<void> empty(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error))
    fs::remove_all(at->path(), error);
  if (error)
    return tl::unexpected<trouble>{trouble_of(error.value(), "empty the folder", folder)};
  return {};
}

/// Every name between `parent` and the data root is new perhaps, and lives in the folder above.
outcome<void> make_parents_durable(fs::path parent, const fs::path& up_to) {
  for (;; parent = parent.parent_path()) {
    if (auto done = sync(parent); !done || parent == up_to || parent == parent.parent_path())
      return done;
  }
}

/// The folders from `below` down to `path` that are not there, outermost first.
std::vector<fs::path> missing_among(fs::path path, const fs::path& below) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (; path != below && path.has_relative_path() && !fs::exists(path, error);
       path = path.parent_path())
    missing.insert(missing.begin(), path);
  return missing;
}

/// Whether an open folder still has its name.
bool is_still(int opened, const fs::path& path) {
  struct stat mine {};
  struct stat named {};
  return ::fstat(opened, &mine) == 0 && ::stat(path.c_str(), &named) == 0
         && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

outcome<void> sync_files_in(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (auto done = sync(entry.path()); !done)
      return done;
  return sync(folder);
}

} // namespace

outcome<staging> staging::prepare(const fs::path& data_root, const fs::path& target,
                                  const std::string& migration, uint32_t attempt) {
  const auto shared = target.parent_path() / ".staging" / file_name_for(migration);
  staging held;
  held.data_root_ = data_root;
  held.target_ = target;
  held.made_ = missing_among(target.parent_path(), data_root);
  if (auto locked = held.lock(shared, migration); !locked)
    return hand_on(locked);
  held.folder_ = shared / std::to_string(attempt);
  if (auto wiped = empty(shared); !wiped)
    return hand_on(wiped);
  if (auto made = make_folders(held.folder_); !made)
    return hand_on(made);
  return held;
}

/// Until the lock is held, an attempt that ends may remove the folder, and one of another
/// migration the folder above: then it is made once more.
outcome<void> staging::lock(const fs::path& shared, const std::string& migration) {
  std::error_code error;
  for (int tries = 0; tries < lock_tries; ++tries) {
    fs::create_directories(shared, error);
    const int opened = error ? -1 : ::open(shared.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0 && !error)
      error.assign(errno, std::generic_category());
    if (error)
      continue;
    if (::flock(opened, LOCK_EX | LOCK_NB) != 0) {
      ::close(opened);
      return try_later(fmt::format("Another attempt of {} is still at work in {}; it has to end "
                                   "first.",
                                   migration, shared.string()));
    }
    lock_ = opened;
    if (is_still(opened, shared))
      return {};
    ::close(std::exchange(lock_, -1));
    error = std::make_error_code(std::errc::no_such_file_or_directory);
  }
  return tl::unexpected<trouble>{trouble_of(error.value(), "make the folder", shared)};
}

staging::staging(staging&& other) noexcept { *this = std::move(other); }

staging& staging::operator=(staging&& other) noexcept {
  leave();
  lock_ = std::exchange(other.lock_, -1);
  data_root_ = std::move(other.data_root_);
  target_ = std::move(other.target_);
  made_ = std::exchange(other.made_, {});
  folder_ = std::exchange(other.folder_, {});
  return *this;
}

staging::~staging() { leave(); }

void staging::leave() noexcept {
  std::error_code ignored;
  if (!folder_.empty()) {
    fs::remove_all(folder_, ignored);
    fs::remove(folder_.parent_path(), ignored);
    fs::remove(folder_.parent_path().parent_path(), ignored);
  }
  if (lock_ >= 0)
    ::close(lock_);
  lock_ = -1;
  folder_.clear();
  for (; !made_.empty(); made_.pop_back())
    fs::remove(made_.back(), ignored); // not when something is in it
}

outcome<void> staging::publish() {
  if (auto durable = sync_files_in(folder_); !durable)
    return durable;
  if (::rename(folder_.c_str(), target_.c_str()) != 0) {
    if (errno == EXDEV || errno == EBUSY)
      return give_up(mount_advice(target_));
    if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
      return tl::unexpected<trouble>{trouble_of(errno, "publish the result as", target_)};
    return give_up(fmt::format("{} is there already and was not written by this migration; move it "
                               "away, then retry.",
                               target_.string()));
  }
  return make_parents_durable(target_.parent_path(), data_root_);
}

bool is_mount_point(const fs::path& folder) {
  struct statx x {};
  return ::statx(AT_FDCWD, folder.c_str(), AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x) == 0
         && (x.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

std::string mount_advice(const fs::path& target) {
  return fmt::format("{} is a mount point, and a version is published by renaming a folder, which "
                     "cannot replace one; mount the file system on {} instead, or let the contract "
                     "name a folder inside of it, such as {}, then retry.",
                     target.string(), target.parent_path().string(), (target / "data").string());
}

} // namespace skein::agents
