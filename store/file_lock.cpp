#include "store/file_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace skein::store {

expected<file_lock> file_lock::take(const std::filesystem::path& file) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  const auto path = file.string() + ".lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    return file_lock{descriptor};
  auto why = fail("cannot lock " + path + ": " + std::strerror(errno));
  if (descriptor >= 0)
    close(descriptor);
  return why;
}

file_lock::file_lock(file_lock&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

file_lock::~file_lock() {
  if (descriptor_ >= 0)
    close(descriptor_);
}

} // namespace skein::store
