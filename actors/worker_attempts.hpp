#pragma once

#include "actors/worker.hpp"

/// What a worker does with attempts; internal to worker.cpp and worker_attempts.cpp.
namespace skein::actors {

using worker_pointer = worker_actor::stateful_pointer<worker_state>;

/// Starts the attempt, or queues the report that it could not be started.
void begin_attempt(worker_pointer self, const bus::assignment& work);

/// A run is over: queues the report, unless nobody waits for it.
void end_attempt(worker_pointer self, const attempt_key& which, run_result result);

/// Has an attempt ended for the given reason; its run's end follows.
void stop_attempt(worker_pointer self, const attempt_key& which, fate why);

/// Ends the attempts whose leases have not been confirmed for a whole lease.
void fence_attempts(worker_pointer self, moment now);

/// When the next lease runs out.
moment next_fence(const worker_state& st);

/// All that this worker holds: attempts under way, and ended ones until their verdict.
bus::heartbeat heartbeat_of(const worker_state& st);

} // namespace skein::actors
