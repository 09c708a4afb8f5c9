#pragma once

#include "cluster/nats_support.hpp"

#include <cstddef>
#include <mutex>
#include <vector>

namespace skein::cluster {

/// Messages that are done with, destroyed many at a time (internal to cluster/). The library frees
/// what is destroyed on a thread of its own, and waking that thread for each message costs more
/// than all else that is done with the message. For any number of threads.
class spent_messages {
public:
  void add(nats_message message);

private:
  static constexpr std::size_t messages_max = 64;
  /// A few large ones are not kept for want of others.
  static constexpr std::size_t bytes_max = 256 << 10;

  std::mutex mutex_;
  std::vector<nats_message> kept_;
  std::size_t bytes_ = 0;
};

} // namespace skein::cluster
