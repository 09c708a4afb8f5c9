#pragma once

#include "events/steering.hpp"
#include "events/workflow.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What happened to a migration, in the past tense.
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

// -- events -----------------------------------------------------------------------------------

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

/// The owner was told, on one of the channels asked for, that the migration rests unfinished.
struct owner_told {
  std::string digest;
  std::string channel = {};            ///< empty, in older logs: on all that there are
  std::vector<std::string> asked = {}; ///< all channels on which the owner is to be told
  timestamp remind_at = {};            ///< when it is to be told again; none: never
  timestamp escalate_at = {};          ///< when more people are told; none: never
};

/// The owner was told long enough ago, and the migration still rests: it is told again.
struct reminder_due {
  uint32_t number; ///< from 1, since it came to rest
  bool escalates;  ///< from now on those are told as well whom it is escalated to
};

struct cancelled {};

struct completed {};

/// Nothing new of it is started until it is resumed. What runs goes on, and its phase is what it
/// would be anyway.
struct paused {};

struct resumed {};

/// An operator had these steps done again, with all that depends on them: what they did before no
/// longer counts.
struct rewound {
  std::vector<std::string> steps;
};

/// An operator had the migration go on as if the step had succeeded, without an output.
struct skipped {
  std::string step;
};

/// From its next attempt on, the step is given this besides what it is given anyway.
struct input_overridden {
  std::string step;
  std::string input; ///< a JSON object, as text; empty: nothing any more
};

/// An operator wants a human's answer before anything new of it is started.
struct hold_placed {
  std::string why;
};

/// The answer was yes.
struct hold_lifted {};

/// The answer to what it was held for, by its steps or by an operator, was no.
struct rejected {
  std::vector<std::string> steps; ///< that were held
  std::string why;
};

struct priority_changed {
  int32_t priority = 0;
};

/// The old version is being put back: a step of its own does it, and what was not done yet never
/// will be.
struct rollback_started {
  step plan;
  std::string why;
};

struct rolled_back {};

/// The attempt was ended, for nothing that it did wrong: the step is ready again.
struct attempt_stopped {
  std::string step;
  uint32_t attempt;
  uint64_t epoch;
  std::string why;
};

/// Not of a migration: how the fleet is steered, in a stream of its own (steering::stream).
struct steered {
  steering::event what;
};

using event = std::variant<requested, attempt_started, attempt_succeeded, attempt_failed,
                           retry_scheduled, held, parked, retried, approved, quarantined,
                           owner_told, cancelled, completed, paused, resumed, rewound, skipped,
                           input_overridden, hold_placed, hold_lifted, rejected, priority_changed,
                           rollback_started, rolled_back, attempt_stopped, reminder_due, steered>;

/// `attempt_started` and so on: the last token of the status subject.
std::string_view name_of(const event&) noexcept;

} // namespace skein::migration
