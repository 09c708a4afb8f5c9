#pragma once

#include "actors/types.hpp"

#include <functional>

namespace skein::actors {

using projector_actor = log_listener_actor::extend<
    // INTERNAL: takes in the next piece of the log.
    caf::reacts_to<atom::tick>>;

/// Takes the next events of the log into the view; answers the sequence it has come to.
using project_next = std::function<expected<uint64_t>()>;

/// State of the projector, which keeps the view behind `skein list` up to the log. Blocks in
/// RocksDB: spawn it detached.
struct projector_state {
  static constexpr const char* name = "projector";

  project_next next;
  uint64_t wanted = 0; ///< the log has grown up to here
  bool is_due = false;
};

projector_actor::behavior_type projector(projector_actor::stateful_pointer<projector_state> self,
                                         project_next next);

} // namespace skein::actors
