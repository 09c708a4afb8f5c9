#pragma once

#include "actors/publish_batch.hpp"
#include "actors/types.hpp"
#include "store/event_log.hpp"

#include <memory>
#include <vector>

namespace skein::actors {

using relay_actor = log_listener_actor::extend<
    // INTERNAL: publishes the next piece of the log.
    caf::reacts_to<atom::tick>>;

struct relay_options {
  std::shared_ptr<store::event_log> log;
  /// The last sequence that is on the bus for certain.
  uint64_t after = 0;
  publish_batch publish;
};

/// State of the relay: the log's outbox. Reads committed events behind a durable cursor and
/// publishes each on its status subject, in order. A message's id is the log's id and the event's
/// sequence, so that a repeat after a crash is dropped. Blocks: spawn it detached.
struct relay_state {
  static constexpr const char* name = "relay";

  relay_options options;
  uint64_t published = 0;
  bool is_due = false; ///< a tick is on its way
};

relay_actor::behavior_type relay(relay_actor::stateful_pointer<relay_state> self,
                                 relay_options options);

/// The cursor's name in the log.
inline constexpr auto relay_cursor = "relay/status";

/// Header of a status message: the event's sequence in the log of that id.
inline constexpr auto sequence_header = "Skein-Sequence";
inline constexpr auto log_header = "Skein-Log";

} // namespace skein::actors
