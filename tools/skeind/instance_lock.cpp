#include "tools/skeind/instance_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace skein::daemon {

namespace {

std::string holder_of(int fd) {
  std::array<char, 32> text{};
  const auto size = pread(fd, text.data(), text.size() - 1, 0);
  return size > 0 ? std::string{text.data(), static_cast<std::size_t>(size)} : "?";
}

} // namespace

expected<instance_lock> instance_lock::take(const std::filesystem::path& state,
                                            const std::string& role) {
  const auto file = state / (role + ".lock");
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return fail("cannot open " + file.string() + ": " + std::strerror(errno)
                + "; make the state folder writable");
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const auto holder = holder_of(fd);
    close(fd);
    return fail("process " + holder + " already is the " + role + " of " + state.string()
                + "; stop it first, or use another workspace");
  }
  const auto pid = std::to_string(getpid());
  if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0) {
    // The lock holds all the same; only a second process's message is poorer for it.
  }
  return instance_lock{fd};
}

instance_lock::instance_lock(instance_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

instance_lock::~instance_lock() {
  if (fd_ >= 0)
    close(fd_);
}

} // namespace skein::daemon
