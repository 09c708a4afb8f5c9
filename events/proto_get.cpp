#include "events/proto_convert.hpp"
#include "events/steering_proto.hpp"

#include <algorithm>

namespace skein::proto {

namespace {

using namespace migration;
using std::chrono::milliseconds;

template <class Map>
labels get_labels(const Map& from) {
  return {from.begin(), from.end()};
}

bool is_known(v1::ErrorClass x) { return x >= v1::TRANSIENT && x <= v1::OUT_OF_MEMORY; }

/// A class that a later version wrote is treated as permanent: never retried by mistake.
error_class class_of(v1::ErrorClass x) {
  return is_known(x) ? static_cast<error_class>(x) : error_class::permanent;
}

template <class Rules>
retry_policy get_retry(const Rules& from) {
  retry_policy to;
  for (const auto& x : from)
    if (is_known(x.error_class()))
      to.rules[index_of(class_of(x.error_class()))]
          = {x.max_attempts(), milliseconds{x.base_ms()}, milliseconds{x.cap_ms()}};
  return to;
}

step get(const v1::Step& from) {
  step to;
  to.name = from.name();
  to.agent = from.agent();
  to.depends_on.assign(from.depends_on().begin(), from.depends_on().end());
  to.timeout = milliseconds{from.timeout_ms()};
  to.retry = get_retry(from.retry());
  return to;
}

step_state get(const v1::StepState& from) {
  step_state to;
  to.status = static_cast<step_status>(from.status());
  to.waits_on = from.waits_on();
  to.attempts = from.attempts();
  const auto count = std::min<std::size_t>(to.failures.size(), from.failures_size());
  std::copy_n(from.failures().begin(), count, to.failures.begin());
  to.epoch = from.epoch();
  to.worker = from.worker();
  to.lease_ttl = milliseconds{from.lease_ttl_ms()};
  to.started = time_of(from.started_us());
  to.ended = time_of(from.ended_us());
  to.due = time_of(from.due_us());
  to.output = from.output();
  to.last_failure = from.last_failure();
  to.input = from.input();
  return to;
}

template <class Told, class Message>
Told told_of(const Message& from) {
  Told to;
  to.digest = from.digest();
  to.channel = from.channel();
  to.asked.assign(from.asked().begin(), from.asked().end());
  to.remind_at = time_of(from.remind_at_us());
  to.escalate_at = time_of(from.escalate_at_us());
  return to;
}

telling get(const v1::TellingState& from) {
  telling to;
  to.number = from.number();
  to.since = time_of(from.since_us());
  to.reminders = from.reminders();
  to.is_escalated = from.escalated();
  to.channels = {from.channels().begin(), from.channels().end()};
  to.asked = {from.asked().begin(), from.asked().end()};
  to.remind_at = time_of(from.remind_at_us());
  to.escalate_at = time_of(from.escalate_at_us());
  to.begun = time_of(from.begun_us());
  return to;
}

} // namespace

subject get(const v1::Subject& from) {
  return {static_cast<subject_kind>(from.kind()), from.name(), from.current_version(),
          from.target_version()};
}

workflow get(const v1::Workflow& from) {
  workflow to;
  to.name = from.name();
  for (const auto& x : from.steps())
    to.steps.push_back(get(x));
  return to;
}

state get(const v1::State& from) {
  state to;
  to.phase = static_cast<phase>(from.phase());
  to.subject = get(from.subject());
  to.flow = get(from.workflow());
  to.scan = from.scan();
  to.labels = get_labels(from.labels());
  for (const auto& x : from.steps())
    to.steps.push_back(get(x));
  to.epoch = from.epoch();
  to.requested_at = time_of(from.requested_at_us());
  to.changed_at = time_of(from.changed_at_us());
  to.why = from.why();
  to.told = from.told();
  to.is_paused = from.paused();
  to.priority = from.priority();
  to.question = static_cast<question>(from.question());
  to.question_text = from.question_text();
  to.is_rolling_back = from.rolling_back();
  to.rollbacks = from.rollbacks();
  if (from.has_fleet())
    to.fleet.make() = get(from.fleet());
  to.telling = get(from.telling());
  return to;
}

finish_attempt get(const v1::FinishAttempt& from) {
  finish_attempt to{from.step(), from.attempt(), from.epoch(), success{}};
  if (from.has_success())
    to.outcome = success{from.success().output(), get_labels(from.success().labels()),
                         from.success().hold()};
  else if (from.has_setback())
    to.outcome = setback{class_of(from.setback().error_class()), from.setback().why()};
  else
    to.outcome = setback{error_class::permanent, "the report says neither success nor setback"};
  return to;
}

std::optional<event> get(const v1::Event& from) {
  switch (from.what_case()) {
    case v1::Event::kRequested: {
      const auto& x = from.requested();
      return requested{get(x.subject()), get(x.workflow()), x.scan()};
    }
    case v1::Event::kAttemptStarted: {
      const auto& x = from.attempt_started();
      return attempt_started{x.step(), x.attempt(), x.epoch(), x.worker(),
                             milliseconds{x.lease_ttl_ms()}};
    }
    case v1::Event::kAttemptSucceeded: {
      const auto& x = from.attempt_succeeded();
      return attempt_succeeded{x.step(), x.attempt(), x.epoch(), x.output(),
                               get_labels(x.labels())};
    }
    case v1::Event::kAttemptFailed: {
      const auto& x = from.attempt_failed();
      return attempt_failed{x.step(), x.attempt(), x.epoch(), class_of(x.error_class()), x.why()};
    }
    case v1::Event::kRetryScheduled:
      return retry_scheduled{from.retry_scheduled().step(),
                             time_of(from.retry_scheduled().due_us())};
    case v1::Event::kHeld: return held{from.held().step(), from.held().why()};
    case v1::Event::kParked: return parked{from.parked().step(), from.parked().why()};
    case v1::Event::kRetried: {
      const auto& steps = from.retried().steps();
      return retried{{steps.begin(), steps.end()}};
    }
    case v1::Event::kApproved: return approved{from.approved().step()};
    case v1::Event::kQuarantined: return quarantined{from.quarantined().why()};
    case v1::Event::kOwnerTold: return told_of<owner_told>(from.owner_told());
    case v1::Event::kCancelled: return cancelled{};
    case v1::Event::kCompleted: return completed{};
    case v1::Event::kPaused: return paused{};
    case v1::Event::kResumed: return resumed{};
    case v1::Event::kRewound: {
      const auto& steps = from.rewound().steps();
      return rewound{{steps.begin(), steps.end()}};
    }
    case v1::Event::kSkipped: return skipped{from.skipped().step()};
    case v1::Event::kInputOverridden:
      return input_overridden{from.input_overridden().step(), from.input_overridden().input()};
    case v1::Event::kHoldPlaced: return hold_placed{from.hold_placed().why()};
    case v1::Event::kHoldLifted: return hold_lifted{};
    case v1::Event::kRejected: {
      const auto& x = from.rejected();
      return rejected{{x.steps().begin(), x.steps().end()}, x.why()};
    }
    case v1::Event::kPriorityChanged: return priority_changed{from.priority_changed().priority()};
    case v1::Event::kRollbackStarted:
      return rollback_started{get(from.rollback_started().plan()), from.rollback_started().why()};
    case v1::Event::kRolledBack: return rolled_back{};
    case v1::Event::kAttemptStopped: {
      const auto& x = from.attempt_stopped();
      return attempt_stopped{x.step(), x.attempt(), x.epoch(), x.why()};
    }
    case v1::Event::kReminderDue:
      return reminder_due{from.reminder_due().number(), from.reminder_due().escalates()};
    case v1::Event::kSteered:
      if (auto what = get(from.steered()))
        return steered{*std::move(what)};
      break;
    case v1::Event::WHAT_NOT_SET: break;
  }
  return std::nullopt;
}

std::optional<order> get(const v1::Command& from, const event& first) {
  switch (from.what_case()) {
    case v1::Command::kRequest:
      if (const auto* e = std::get_if<requested>(&first))
        return request{e->subject, e->flow, e->scan};
      break;
    case v1::Command::kStartAttempt: {
      const auto& x = from.start_attempt();
      return start_attempt{x.step(), x.worker(), milliseconds{x.lease_ttl_ms()}};
    }
    case v1::Command::kFinishAttempt: return get(from.finish_attempt());
    case v1::Command::kRetry: return retry{};
    case v1::Command::kApprove: return approve{};
    case v1::Command::kCancel: return cancel{};
    case v1::Command::kConfirmTold: {
      auto to = told_of<confirm_told>(from.confirm_told());
      to.number = from.confirm_told().number();
      return to;
    }
    case v1::Command::kRemind: return remind{};
    case v1::Command::kQuarantine: return quarantine{from.quarantine().why()};
    case v1::Command::kPause: return pause{};
    case v1::Command::kResume: return resume{};
    case v1::Command::kRetryFrom: return retry_from{from.retry_from().step()};
    case v1::Command::kSkip: return skip{from.skip().step()};
    case v1::Command::kOverrideInput:
      return override_input{from.override_input().step(), from.override_input().input()};
    case v1::Command::kHold: return hold{};
    case v1::Command::kReject: return reject{};
    case v1::Command::kSetPriority: return set_priority{from.set_priority().priority()};
    case v1::Command::kStopAttempt: {
      const auto& x = from.stop_attempt();
      return stop_attempt{x.step(), x.epoch(), x.why()};
    }
    case v1::Command::kSteer:
      if (auto what = get(from.steer()))
        return steer{*std::move(what)};
      break;
    case v1::Command::kRollBack: {
      const auto& x = from.roll_back();
      return roll_back{x.agent(), milliseconds{x.timeout_ms()}, get_retry(x.retry())};
    }
    case v1::Command::WHAT_NOT_SET: break;
  }
  return std::nullopt;
}

} // namespace skein::proto
