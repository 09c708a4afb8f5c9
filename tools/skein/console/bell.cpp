#include "tools/skein/console/bell.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace skein::console::screen {

bell::bell() : file_{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (file_ < 0)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
}

bell::~bell() { close(file_); }

// Neither can fail in a way that matters: a counter that is full has rung, an empty one is hushed.

void bell::ring() const {
  const uint64_t once = 1;
  [[maybe_unused]] const auto done = write(file_, &once, sizeof once);
}

void bell::hush() const {
  uint64_t count = 0;
  [[maybe_unused]] const auto done = read(file_, &count, sizeof count);
}

} // namespace skein::console::screen
