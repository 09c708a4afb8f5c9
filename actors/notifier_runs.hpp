#pragma once

#include "actors/notifier.hpp"

/// How the notifier has a batch told; internal to notifier.cpp and notifier_runs.cpp.
namespace skein::actors {

using notifier_pointer = notifier_actor::stateful_pointer<notifier_state>;

/// Runs the channel's agent for a checked batch.
void begin_telling(notifier_pointer self, digest_batch& batch);

/// The agent is done with a batch: queues the reports, or gives back what has none.
void end_telling(notifier_pointer self, uint64_t batch, const run_result& result);

} // namespace skein::actors
