#pragma once

#include <cstddef>
#include <functional>

namespace skein::actors {

/// Is told how much waits somewhere, as it changes; from any thread. Empty: nobody wants to know.
using queue_gauge = std::function<void(std::size_t waiting)>;

inline void tell(const queue_gauge& gauge, std::size_t waiting) {
  if (gauge)
    gauge(waiting);
}

} // namespace skein::actors
