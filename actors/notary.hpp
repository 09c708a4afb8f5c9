#pragma once

#include "actors/notary_rounds.hpp"
#include "actors/types.hpp"

#include <chrono>
#include <memory>

namespace skein::actors {

using notary_actor = log_listener_actor::extend<
    // INTERNAL: makes a round.
    caf::reacts_to<atom::tick>>;

struct notary_options {
  /// Shared, so that whoever ends the actor can have the last head signed after everything else
  /// has ended.
  std::shared_ptr<notary_rounds> rounds;
  std::chrono::milliseconds head_every{std::chrono::seconds{5}};
  std::chrono::milliseconds retry_after{std::chrono::seconds{10}};
};

/// State of the notary, which follows the log, keeps the hash tree over it and signs a head every
/// few seconds while it grows. Blocks in the disk and the bus: spawn it detached.
struct notary_state {
  static constexpr const char* name = "notary";

  notary_options options;
  uint64_t wanted = 0;  ///< the log has grown up to here
  uint64_t reached = 0; ///< `wanted` when the last round began
  bool is_due = false;  ///< a tick is on its way
};

notary_actor::behavior_type notary(notary_actor::stateful_pointer<notary_state> self,
                                   notary_options options);

} // namespace skein::actors
