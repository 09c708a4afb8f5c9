#pragma once

#include "agents/outcome.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace skein::agents {

/// Where a migration writes before anyone may see the result, beside the folder it will become:
///
///     <data root>/films/v2/                          the published folder, say
///     <data root>/films/.staging/<migration>/        locked (flock) while an attempt is at work
///     <data root>/films/.staging/<migration>/<n>/    attempt n: gone at the end; what a killed
///                                                    attempt left is wiped by the next one
///
/// Both names are in one folder, so publishing is one rename(2), also where a dataset's folder is
/// a file system of its own below the data root. No contract can name a hidden folder. The lock
/// keeps a late attempt that was given up for lost from renaming what its successor writes.
class staging {
public:
  /// Takes the lock and leaves an empty folder for what becomes `target`, a folder below
  /// `data_root`; transient while another attempt holds the lock.
  static outcome<staging> prepare(const std::filesystem::path& data_root,
                                  const std::filesystem::path& target, const std::string& migration,
                                  uint32_t attempt);

  staging(staging&&) noexcept;
  staging& operator=(staging&&) noexcept;
  /// Removes what was not published and lets go of the lock.
  ~staging();

  const std::filesystem::path& folder() const { return folder_; }

  /// Makes the folder's files durable and renames it to the target. Fails when something is there
  /// already.
  outcome<void> publish();

private:
  staging() = default;
  outcome<void> lock(const std::filesystem::path& shared, const std::string& migration);
  void leave() noexcept;

  int lock_ = -1;
  std::filesystem::path data_root_;
  std::filesystem::path target_;
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> made_; ///< folders above that were not there, outermost first
};

/// A folder that a file system is mounted on: no rename can put a published version there.
bool is_mount_point(const std::filesystem::path&);

/// What to do about a version's folder that is a mount point.
std::string mount_advice(const std::filesystem::path& target);

} // namespace skein::agents
