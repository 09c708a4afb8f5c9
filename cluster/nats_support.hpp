#pragma once

#include "cluster/message.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <nats/nats.h>
#include <string>

namespace skein::cluster {

/// What every use of nats.c needs (internal to cluster/).

template <auto destroy>
struct nats_deleter {
  template <class T>
  void operator()(T* owned) const {
    destroy(owned);
  }
};

using nats_message = std::unique_ptr<natsMsg, nats_deleter<natsMsg_Destroy>>;
using nats_subscription = std::unique_ptr<natsSubscription, nats_deleter<natsSubscription_Destroy>>;

/// "cannot <doing>: <what the library says>; <what to do>".
std::string nats_trouble(const std::string& doing, natsStatus status);

inline tl::unexpected<failure> nats_fail(const std::string& doing, natsStatus status) {
  return fail(nats_trouble(doing, status));
}

message from_nats(natsMsg* msg);

/// The message as the library wants it, with `reply` in place of its own.
expected<nats_message> to_nats(const message& what, const std::string& reply);

template <class Duration>
std::int64_t to_ns(Duration time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

} // namespace skein::cluster
