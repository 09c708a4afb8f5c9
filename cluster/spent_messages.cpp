#include "cluster/spent_messages.hpp"

#include <utility>

namespace skein::cluster {

void spent_messages::add(nats_message message) {
  std::vector<nats_message> full; // destroyed without the lock
  const std::lock_guard lock{mutex_};
  bytes_ += static_cast<std::size_t>(natsMsg_GetDataLength(message.get()));
  kept_.push_back(std::move(message));
  if (kept_.size() < messages_max && bytes_ < bytes_max)
    return;
  full.swap(kept_);
  bytes_ = 0;
}

} // namespace skein::cluster
