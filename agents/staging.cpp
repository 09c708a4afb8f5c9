#include "agents/staging.hpp"

#include "agents/files.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace skein::agents {

namespace fs = std::filesystem;

namespace {

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

outcome<void> sync_files_in(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (auto done = sync(entry.path()); !done)
      return done;
  return sync(folder);
}

} // namespace

outcome<staging> staging::prepare(const fs::path& data_root, const std::string& migration,
                                  uint32_t attempt) {
  const auto shared = data_root / ".staging" / file_name_for(migration);
  if (auto made = make_folders(shared); !made)
    return hand_on(made);
  const int lock = ::open(shared.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0)
    return tl::unexpected<trouble>{trouble_of(errno, "open", shared)};
  staging held{lock, shared / std::to_string(attempt)};
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    held.folder_.clear();
    return try_later(fmt::format("Another attempt of {} is still at work in {}; it has to end "
                                 "first.",
                                 migration, shared.string()));
  }
  if (auto wiped = empty(shared); !wiped)
    return hand_on(wiped);
  if (auto made = make_folders(held.folder_); !made)
    return hand_on(made);
  return held;
}

staging::staging(int lock, fs::path folder) : lock_{lock}, folder_{std::move(folder)} {}

staging::staging(staging&& other) noexcept
    : lock_{std::exchange(other.lock_, -1)}, folder_{std::exchange(other.folder_, {})} {}

staging& staging::operator=(staging&& other) noexcept {
  leave();
  lock_ = std::exchange(other.lock_, -1);
  folder_ = std::exchange(other.folder_, {});
  return *this;
}

staging::~staging() { leave(); }

void staging::leave() noexcept {
  std::error_code ignored;
  if (!folder_.empty()) {
    fs::remove_all(folder_, ignored);
    fs::remove(folder_.parent_path(), ignored);
  }
  if (lock_ >= 0)
    ::close(lock_);
  lock_ = -1;
  folder_.clear();
}

outcome<void> staging::publish(const fs::path& target) {
  const auto data_root = folder_.parent_path().parent_path().parent_path();
  if (auto durable = sync_files_in(folder_); !durable)
    return durable;
  if (auto made = make_folders(target.parent_path()); !made)
    return made;
  if (::rename(folder_.c_str(), target.c_str()) != 0) {
    if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
      return tl::unexpected<trouble>{trouble_of(errno, "publish the result as", target)};
    return give_up(fmt::format("{} is there already and was not written by this migration; move "
                               "it away, then retry.",
                               target.string()));
  }
  return make_parents_durable(target.parent_path(), data_root);
}

} // namespace skein::agents
