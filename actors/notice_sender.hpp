#pragma once

#include "actors/publish_batch.hpp"
#include "actors/types.hpp"

#include <deque>

namespace skein::actors {

/// The notices of one digest on one channel.
struct notices {
  std::string channel;
  std::vector<bus::notice> list;
};

} // namespace skein::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::notices)

namespace skein::actors {

using notice_sender_actor = caf::typed_actor<
    // Puts notices on the bus, however long that takes.
    caf::reacts_to<notices>,
    // INTERNAL: tries again.
    caf::reacts_to<atom::tick>>;

/// State of the sender, which blocks for the bus so that the digest need not: spawn it detached.
/// What it holds when it ends is owed by migrations, and sent by the next one.
struct notice_sender_state {
  static constexpr const char* name = "notice_sender";

  publish_batch publish;
  std::deque<cluster::durable_message> waiting;
};

notice_sender_actor::behavior_type
notice_sender(notice_sender_actor::stateful_pointer<notice_sender_state> self,
              publish_batch publish);

} // namespace skein::actors
