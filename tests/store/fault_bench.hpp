#pragma once

#include "commit_script.hpp"
#include "faulty_disk.hpp"
#include "store/log_files.hpp"
#include "support.hpp"

namespace skein::store::test {

inline constexpr uint64_t commits_of_a_run = 12;

/// A log on a disk that can fail.
struct bench {
  temporary_folder folder;
  std::filesystem::path path = folder.path() / "log";
  faulty_disk disk{path};

  expected<std::unique_ptr<event_log>> open() {
    return open_log_through(disk.files(), path, small_buffers());
  }
};

/// Whatever went wrong in between: what was acknowledged is there, a commit is whole or not there,
/// and all goes on.
inline void require_nothing_lost(const std::filesystem::path& path, uint64_t acknowledged) {
  faulty_disk well{path};
  auto log = value_of(open_log_through(well.files(), path, small_buffers()));
  REQUIRE(log->warning() == "");
  const auto found = require_scripted(*log);
  REQUIRE(found >= acknowledged);
  REQUIRE(found <= acknowledged + 1);
  auto after = run_script(*log, found, found + 2);
  REQUIRE(after.refused.empty());
  REQUIRE(require_scripted(*log) == found + 2);
}

} // namespace skein::store::test
