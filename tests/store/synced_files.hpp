#pragma once

#include "faulty_disk.hpp"

#include <functional>
#include <map>
#include <string>

namespace skein::store::test {

/// Which bytes and names of one folder would outlive a power failure: those that were fsynced
/// (POSIX: a file's bytes by an fsync of the file, its name by an fsync of the folder). Nothing
/// here changes a file, except that what is replaced or removed is kept aside while its old name
/// could come back. Not thread-safe.
class synced_files {
public:
  explicit synced_files(std::filesystem::path folder);
  ~synced_files();
  synced_files(const synced_files&) = delete;
  synced_files& operator=(const synced_files&) = delete;

  // To be called before the operation...
  void create(const std::filesystem::path&);
  void remove(const std::filesystem::path&);
  void rename(const std::filesystem::path& from, const std::filesystem::path& to);
  void link(const std::filesystem::path& from, const std::filesystem::path& to);
  // ...and after it.
  void wrote(const std::filesystem::path&, uint64_t bytes);
  void synced(const std::filesystem::path&);
  /// The kernel says so once, and takes the pages for clean: no later fsync brings them to disk.
  void failed_to_sync(const std::filesystem::path&);
  void synced_folder();

  void copy_survivors(const std::filesystem::path& to, const survival&) const;

private:
  struct content {
    std::filesystem::path at; ///< where its bytes are: in the folder, or aside
    uint64_t written = 0;
    uint64_t synced = 0;
    uint64_t synced_max = UINT64_MAX; ///< what an fsync can still bring to disk
  };
  using names = std::map<std::string, std::shared_ptr<content>>;

  bool is_ours(const std::filesystem::path&) const;
  std::shared_ptr<content> find(const std::filesystem::path&) const;
  void keep_aside(const std::filesystem::path&);

  std::filesystem::path folder_;
  std::filesystem::path aside_;
  names now_;
  names safe_;
  uint64_t kept_ = 0;
};

} // namespace skein::store::test
