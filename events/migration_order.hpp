#pragma once

#include "events/migration_event.hpp"

/// What somebody wants done with a migration.
namespace skein::migration {

struct request {
  migration::subject subject;
  workflow flow;
  std::string scan;
};

/// A worker holds out its hand for a step.
struct start_attempt {
  std::string step;
  std::string worker;
  std::chrono::milliseconds lease_ttl;
};

struct success {
  std::string output;
  migration::labels labels;
  std::string hold; ///< not empty: hold the migration for this reason
};

struct setback {
  error_class kind;
  std::string why;
};

/// How an attempt ended: told by its worker, or by the lease's watch when the worker went silent.
struct finish_attempt {
  std::string step;
  uint32_t attempt;
  uint64_t epoch;
  std::variant<success, setback> outcome;
};

/// Tries held, parked or quarantined steps again.
struct retry {};

/// Agrees with what the migration is held for.
struct approve {};

struct cancel {};

/// Starts nothing new until `resume`.
struct pause {};

struct resume {};

/// Does a step again, and all that depends on it, whether or not it had succeeded.
struct retry_from {
  std::string step;
};

/// Goes on as if the step had succeeded.
struct skip {
  std::string step;
};

/// Gives a step a JSON object besides what it is given anyway; an empty text takes it back.
struct override_input {
  std::string step;
  std::string input;
};

/// Starts nothing new until `approve`, or `reject`. The command's reason is the question.
struct hold {};

/// Says no to what the migration is held for. The command's reason is the note.
struct reject {};

/// Which of the steps that wait for a worker come first: the higher, the sooner.
struct set_priority {
  int32_t priority = 0;
};

inline constexpr int32_t priority_max = 100; ///< and the lowest is as far below zero

/// Puts the old version back, by a step that runs this agent.
struct roll_back {
  std::string agent;
  std::chrono::milliseconds timeout{0};
  retry_policy retry;
};

/// The owner has been told on a channel.
struct confirm_told {
  std::string digest;
  std::string channel = {};            ///< empty: on all
  std::vector<std::string> asked = {}; ///< all channels, as the workspace had it
  timestamp remind_at = {};            ///< none: never, as for the next
  timestamp escalate_at = {};
  uint64_t number = 0; ///< which telling this was (telling::number); 0: whichever is owed
};

/// Has the owner told again, if that is due.
struct remind {};

struct quarantine {
  std::string why;
};

/// Ends an attempt that did nothing wrong.
struct stop_attempt {
  std::string step;
  uint64_t epoch;
  std::string why;
};

/// Not for a migration: for the fleet's own stream.
struct steer {
  steering::order what;
};

using order
    = std::variant<request, start_attempt, finish_attempt, retry, approve, cancel, confirm_told,
                   quarantine, pause, resume, retry_from, skip, override_input, hold, reject,
                   set_priority, roll_back, stop_attempt, remind, steer>;

std::string_view name_of(const order&) noexcept;

/// An order with who gives it, why, and what a pure function must not fetch itself: the time and
/// a random number. Stored with the events it causes, so that the decision can be replayed.
struct command {
  timestamp at;
  std::string actor;
  std::string reason;
  uint64_t random = 0;
  order what;
};

} // namespace skein::migration
