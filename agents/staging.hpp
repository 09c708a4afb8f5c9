#pragma once

#include "agents/outcome.hpp"

#include <filesystem>
#include <string>

namespace skein::agents {

/// Where a migration writes before anyone may see the result:
///
///     <data root>/.staging/<migration>/        locked (flock) while an attempt is at work
///     <data root>/.staging/<migration>/<n>/    attempt n: gone at the end; what a killed attempt
///                                              left is wiped by the next one
///
/// It is on the file system of the published folders, so that publishing is one rename(2). The
/// lock keeps a late attempt that was given up for lost from renaming what its successor writes.
class staging {
public:
  /// Takes the lock and leaves an empty folder; transient while another attempt holds the lock.
  static outcome<staging> prepare(const std::filesystem::path& data_root,
                                  const std::string& migration, uint32_t attempt);

  staging(staging&&) noexcept;
  staging& operator=(staging&&) noexcept;
  /// Removes what was not published and lets go of the lock.
  ~staging();

  const std::filesystem::path& folder() const { return folder_; }

  /// Makes the folder's files durable and renames it to `target`, whose parent is created. Fails
  /// when something is there already.
  outcome<void> publish(const std::filesystem::path& target);

private:
  staging(int lock, std::filesystem::path folder);
  void leave() noexcept;

  int lock_ = -1;
  std::filesystem::path folder_;
};

} // namespace skein::agents
