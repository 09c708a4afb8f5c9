#pragma once

#include "events/workflow.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The life of one migration as two pure functions: `decide` turns a command into the events it
/// causes, `evolve` folds an event into the state. Neither reads a clock, a random number, a file
/// or anything but its arguments, so that a replay years later gives the same state, bit for bit.
/// (Chassaing, "Functional Event Sourcing Decider", 2021.)
namespace skein::migration {

using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

// -- what a migration is about ----------------------------------------------------------------

/// Values are on disk: never renumber.
enum class subject_kind : uint8_t { dataset = 1 };

struct subject {
  subject_kind kind = subject_kind::dataset;
  std::string name;
  std::string current_version;
  std::string target_version;

  bool operator==(const subject&) const = default;
};

/// What an agent said about the subject for limits and filters: `owner`, `storage`, …
using labels = std::map<std::string, std::string>;

// -- events: what happened, in the past tense -------------------------------------------------

struct requested {
  migration::subject subject;
  workflow flow;    ///< the exact definition this migration keeps
  std::string scan; ///< the scan, or other batch, that asked for it
};

struct attempt_started {
  std::string step;
  uint32_t attempt; ///< from 1, over the whole life of the step
  uint64_t epoch;   ///< fences the lease: grows with every attempt of the migration
  std::string worker;
  std::chrono::milliseconds lease_ttl;
};

struct attempt_succeeded {
  std::string step;
  uint32_t attempt;
  uint64_t epoch;
  std::string output; ///< the agent's JSON object, as text; may be empty
  migration::labels labels;
};

struct attempt_failed {
  std::string step;
  uint32_t attempt;
  uint64_t epoch;
  error_class kind;
  std::string why;
};

struct retry_scheduled {
  std::string step;
  timestamp due;
};

/// The step succeeded but a human has to agree before its dependents may start.
struct held {
  std::string step;
  std::string why;
};

/// The step failed for good; an operator may have it tried again.
struct parked {
  std::string step;
  std::string why;
};

/// An operator had the parked or held steps tried again.
struct retried {
  std::vector<std::string> steps;
};

/// An operator agreed with what a step was held for.
struct approved {
  std::string step;
};

/// The migration itself failed (its code, not its agents) and is left alone.
struct quarantined {
  std::string why;
};

/// The owner was told that the migration rests unfinished.
struct owner_told {
  std::string digest;
};

struct cancelled {};

struct completed {};

/// Nothing new of it is started until it is resumed. What runs goes on, and its phase is what it
/// would be anyway.
struct paused {};

struct resumed {};

using event = std::variant<requested, attempt_started, attempt_succeeded, attempt_failed,
                           retry_scheduled, held, parked, retried, approved, quarantined,
                           owner_told, cancelled, completed, paused, resumed>;

/// `attempt_started` and so on: the last token of the status subject.
std::string_view name_of(const event&) noexcept;

// -- commands: what somebody wants ------------------------------------------------------------

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

struct confirm_told {
  std::string digest;
};

struct quarantine {
  std::string why;
};

using order = std::variant<request, start_attempt, finish_attempt, retry, approve, cancel,
                           confirm_told, quarantine, pause, resume>;

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
};

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
  std::string why;        ///< it rests unfinished
  bool told = true;       ///< false: its owner is still to be told that it rests unfinished
  bool is_paused = false; ///< nothing new is started

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
  not_ready,    ///< the step waits, runs, or is done; or the migration is paused
  stale_epoch,  ///< a report from an attempt that is over
  at_rest,      ///< the migration is completed or cancelled
  nothing_to_do ///< nothing held, parked or quarantined; told, paused or resumed already
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
