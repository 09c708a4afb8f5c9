#pragma once

#include "events/migration_order.hpp"

#include <array>
#include <optional>
#include <set>

/// The life of one migration as two pure functions: `decide` turns a command into the events it
/// causes, `evolve` folds an event into the state. Neither reads a clock, a random number, a file
/// or anything but its arguments, so that a replay years later gives the same state, bit for bit.
/// (Chassaing, "Functional Event Sourcing Decider", 2021.)
namespace skein::migration {

// -- state ------------------------------------------------------------------------------------

/// Values are in snapshots: never renumber.
enum class step_status : uint8_t {
  waiting = 0, ///< for steps it depends on
  ready = 1,   ///< for a worker
  running = 2,
  retrying = 3, ///< ready again when due
  succeeded = 4,
  held = 5,
  parked = 6,
  skipped = 7,
};

/// Whether what depends on the step may start, as far as it is concerned.
constexpr bool is_done(step_status x) {
  return x == step_status::succeeded || x == step_status::skipped;
}

struct step_state {
  step_status status = step_status::waiting;
  uint32_t waits_on = 0; ///< dependencies that have not succeeded yet
  uint32_t attempts = 0;
  std::array<uint32_t, error_class_count> failures{}; ///< by class, since the last `retried`
  uint64_t epoch = 0;
  std::string worker;
  std::chrono::milliseconds lease_ttl{0};
  timestamp started{};
  timestamp ended{};
  timestamp due{};
  std::string output;
  std::string last_failure;
  std::string input; ///< an operator's, besides what it is given anyway

  bool operator==(const step_state&) const = default;
};

/// Values are in snapshots and views: never renumber.
enum class phase : uint8_t {
  blank = 0,
  running = 1,
  completed = 2,
  held = 3,
  parked = 4,
  quarantined = 5,
  cancelled = 6,
  rolled_back = 7,
};

/// What ends for good, but that the steps of a rolled back one may be done again.
constexpr bool has_ended(phase x) {
  return x == phase::completed || x == phase::cancelled || x == phase::rolled_back;
}

/// Values are in snapshots: never renumber.
enum class question : uint8_t {
  none = 0,
  asked = 1, ///< by an operator; steps that are held ask by themselves
  denied = 2,
};

/// What its owner is told of a migration that rests unfinished.
struct telling {
  uint64_t number = 0; ///< counts up whenever something is to be told, over the whole life
  timestamp since{};   ///< when it came to rest
  timestamp begun{};   ///< when this one, perhaps a reminder, came to be owed
  uint32_t reminders = 0;
  bool is_escalated = false;
  std::set<std::string> channels; ///< that have told this
  std::set<std::string> asked;    ///< that are to tell it, once one has; else as the workspace says
  timestamp remind_at{};          ///< none: never
  timestamp escalate_at{};

  bool operator==(const telling&) const = default;
};

/// A migration that rests has nothing to do until somebody commands it.
constexpr bool rests(phase x) { return x != phase::running && x != phase::blank; }

struct state {
  migration::phase phase = phase::blank;
  migration::subject subject;
  workflow flow;
  std::string scan;
  migration::labels labels;
  std::vector<step_state> steps; ///< parallel to `flow.steps`
  uint64_t epoch = 0;            ///< of the newest attempt
  timestamp requested_at{};
  timestamp changed_at{};
  std::string why;  ///< it rests unfinished
  bool told = true; ///< false: its owner is still to be told that it rests unfinished
  migration::telling telling;
  bool is_paused = false; ///< nothing new is started
  int32_t priority = 0;
  migration::question question = migration::question::none;
  std::string question_text;
  bool is_rolling_back = false; ///< or was: the last step puts the old version back
  uint32_t rollbacks = 0;       ///< that were begun
  steering::box fleet;          ///< of the fleet's own stream, which is no migration

  bool operator==(const state&) const = default;

  /// Index of a step by name, or nothing.
  std::optional<std::size_t> find(std::string_view step) const;
};

// -- transitions ------------------------------------------------------------------------------

/// Why a command was refused. Refusals change nothing and are not logged.
enum class rejection : uint8_t {
  already_requested = 1,
  not_requested,
  bad_request, ///< the subject or the workflow cannot be migrated
  unknown_step,
  not_ready,     ///< the step waits, runs, or is done; or the migration is paused
  still_running, ///< a step runs that the order is about
  stale_epoch,   ///< a report from an attempt that is over
  at_rest,       ///< the migration has ended
  as_it_is,      ///< the fleet is steered so already
  unknown_bulk,  ///< or it is over
  bad_order,     ///< a name or number that means nothing
  nothing_to_do  ///< nothing held, parked or quarantined; or it is so already
};

/// A sentence.
std::string_view to_string(rejection) noexcept;
std::string_view to_string(phase) noexcept;
std::string_view to_string(step_status) noexcept;

using decision = std::variant<std::vector<event>, rejection>;

/// Answers a command with the events it causes, or with why it must not.
decision decide(const state& now, const command& cmd);

/// Folds an event that happened `at` into the state. Total: a fact is never refused.
state evolve(state then, const event& what, timestamp at);

// -- effects ----------------------------------------------------------------------------------

/// A step wants a worker, not before the given time.
struct offer {
  std::string step;
  timestamp not_before;
  int32_t priority = 0;

  bool operator==(const offer&) const = default;
};

/// An attempt is running: its lease must be watched.
struct watch {
  std::string step;
  uint32_t attempt;
  uint64_t epoch;
  std::string worker;
  std::chrono::milliseconds lease_ttl;
  timestamp deadline; ///< when the step's time-out ends it

  bool operator==(const watch&) const = default;
};

/// The owner must be told that the migration rests unfinished.
struct tell {
  uint64_t number = 0; ///< telling::number

  bool operator==(const tell&) const = default;
};

using effect = std::variant<offer, watch, tell>;

/// Everything a state owes the world. After a restart all of it is performed again.
std::vector<effect> owed(const state& now);

/// What `after` owes and `before` did not: what one commit starts.
std::vector<effect> newly_owed(const state& before, const state& after);

/// The effects of `these` that are not among `those`, in order.
std::vector<effect> difference(std::vector<effect> these, const std::vector<effect>& those);

} // namespace skein::migration
