#pragma once

#include "actors/migration.hpp"

namespace skein::actors {

/// Performs one effect: the exhaustive switch of rule 1 (decide, then persist, then act). Every
/// receiver takes repeats, so that after a restart everything owed can be performed again.
void perform(migration_pointer self, const migration::effect& what);

/// What runs in this state, as a pool must know it.
std::vector<watched> running_attempts(const std::string& id, const migration::state& now);

/// Ends the watch of every attempt, and the wait of all that is to be told, among effects that are
/// owed no longer.
void take_back(migration_pointer self, const std::vector<migration::effect>& no_longer_owed);

/// Whether all that the migration owes has been performed and is in the hands of the digest: it
/// need not be awake while that waits for its hour.
bool is_handed_over(const migration_actor_state& st);

/// Tells the digest whether this migration may still change what its owner is told.
void tell_motion(migration_pointer self);

/// What a worker needs to carry out a running step, all but the agent's command line.
bus::assignment assignment_of(const std::string& id, const migration::state& now,
                              const std::string& step);

/// Output of each step that has succeeded.
bus::outputs outputs_of(const migration::state& now);

} // namespace skein::actors
