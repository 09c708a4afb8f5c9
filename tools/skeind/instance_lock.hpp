#pragma once

#include "events/failure.hpp"

#include <filesystem>
#include <string>

namespace skein::daemon {

/// Keeps a second process from taking the same role in the same state folder: an flock(2) on
/// `<role>.lock`, which the kernel releases however the process ends. The file names the holder.
class instance_lock {
public:
  static expected<instance_lock> take(const std::filesystem::path& state, const std::string& role);

  instance_lock(instance_lock&&) noexcept;
  instance_lock& operator=(instance_lock&&) = delete;
  ~instance_lock();

private:
  explicit instance_lock(int fd) : fd_{fd} {}

  int fd_;
};

} // namespace skein::daemon
