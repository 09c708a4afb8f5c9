#include "events/overloaded.hpp"
#include "events/proto_convert.hpp"
#include "events/steering_proto.hpp"

#include <google/protobuf/stubs/common.h>

namespace skein::proto {

namespace {

using namespace migration;

template <class Map>
void put_labels(const labels& from, Map* to) {
  for (const auto& [key, value] : from)
    (*to)[text(key)] = text(value);
}

template <class Message>
void put(const retry_policy& from, Message& to) {
  for (std::size_t i = 0; i < from.rules.size(); ++i) {
    auto* rule = to.add_retry();
    rule->set_error_class(static_cast<v1::ErrorClass>(i + 1));
    rule->set_max_attempts(from.rules[i].max_attempts);
    rule->set_base_ms(from.rules[i].base.count());
    rule->set_cap_ms(from.rules[i].cap.count());
  }
}

void put(const step& from, v1::Step& to) {
  to.set_name(from.name);
  to.set_agent(from.agent);
  for (const auto& on : from.depends_on)
    to.add_depends_on(on);
  to.set_timeout_ms(from.timeout.count());
  put(from.retry, to);
}

void put(const step_state& from, v1::StepState& to) {
  to.set_status(static_cast<uint32_t>(from.status));
  to.set_waits_on(from.waits_on);
  to.set_attempts(from.attempts);
  for (auto count : from.failures)
    to.add_failures(count);
  to.set_epoch(from.epoch);
  to.set_worker(text(from.worker));
  to.set_lease_ttl_ms(from.lease_ttl.count());
  to.set_started_us(micros(from.started));
  to.set_ended_us(micros(from.ended));
  to.set_due_us(micros(from.due));
  to.set_output(text(from.output));
  to.set_last_failure(text(from.last_failure));
  to.set_input(text(from.input));
}

template <class Names>
void put_names(const Names& from, google::protobuf::RepeatedPtrField<std::string>* to) {
  for (const auto& name : from)
    to->Add(text(name));
}

/// What a confirmation and its event have in common.
template <class Told, class Message>
void put_told(const Told& from, Message& to) {
  to.set_digest(text(from.digest));
  to.set_channel(text(from.channel));
  put_names(from.asked, to.mutable_asked());
  to.set_remind_at_us(micros(from.remind_at));
  to.set_escalate_at_us(micros(from.escalate_at));
}

void put(const telling& from, v1::TellingState& to) {
  to.set_number(from.number);
  to.set_since_us(micros(from.since));
  to.set_reminders(from.reminders);
  to.set_escalated(from.is_escalated);
  put_names(from.channels, to.mutable_channels());
  put_names(from.asked, to.mutable_asked());
  to.set_remind_at_us(micros(from.remind_at));
  to.set_escalate_at_us(micros(from.escalate_at));
  to.set_begun_us(micros(from.begun));
}

} // namespace

std::string text(const std::string& from) {
  std::string to = from;
  google::protobuf::internal::UTF8CoerceToStructurallyValid(from, to.data(), '?');
  return to;
}

void put(const subject& from, v1::Subject& to) {
  to.set_kind(static_cast<v1::Subject::Kind>(from.kind));
  to.set_name(from.name);
  to.set_current_version(from.current_version);
  to.set_target_version(from.target_version);
}

void put(const workflow& from, v1::Workflow& to) {
  to.set_name(from.name);
  for (const auto& x : from.steps)
    put(x, *to.add_steps());
}

void put(const event& from, v1::Event& to) {
  std::visit(overloaded{
                 [&](const requested& e) {
                   auto* x = to.mutable_requested();
                   put(e.subject, *x->mutable_subject());
                   put(e.flow, *x->mutable_workflow());
                   x->set_scan(text(e.scan));
                 },
                 [&](const attempt_started& e) {
                   auto* x = to.mutable_attempt_started();
                   x->set_step(e.step);
                   x->set_attempt(e.attempt);
                   x->set_epoch(e.epoch);
                   x->set_worker(text(e.worker));
                   x->set_lease_ttl_ms(e.lease_ttl.count());
                 },
                 [&](const attempt_succeeded& e) {
                   auto* x = to.mutable_attempt_succeeded();
                   x->set_step(e.step);
                   x->set_attempt(e.attempt);
                   x->set_epoch(e.epoch);
                   x->set_output(text(e.output));
                   put_labels(e.labels, x->mutable_labels());
                 },
                 [&](const attempt_failed& e) {
                   auto* x = to.mutable_attempt_failed();
                   x->set_step(e.step);
                   x->set_attempt(e.attempt);
                   x->set_epoch(e.epoch);
                   x->set_error_class(static_cast<v1::ErrorClass>(e.kind));
                   x->set_why(text(e.why));
                 },
                 [&](const retry_scheduled& e) {
                   to.mutable_retry_scheduled()->set_step(e.step);
                   to.mutable_retry_scheduled()->set_due_us(micros(e.due));
                 },
                 [&](const held& e) {
                   to.mutable_held()->set_step(e.step);
                   to.mutable_held()->set_why(text(e.why));
                 },
                 [&](const parked& e) {
                   to.mutable_parked()->set_step(e.step);
                   to.mutable_parked()->set_why(text(e.why));
                 },
                 [&](const retried& e) {
                   for (const auto& name : e.steps)
                     to.mutable_retried()->add_steps(name);
                   to.mutable_retried();
                 },
                 [&](const approved& e) { to.mutable_approved()->set_step(e.step); },
                 [&](const quarantined& e) { to.mutable_quarantined()->set_why(text(e.why)); },
                 [&](const owner_told& e) { put_told(e, *to.mutable_owner_told()); },
                 [&](const cancelled&) { to.mutable_cancelled(); },
                 [&](const completed&) { to.mutable_completed(); },
                 [&](const paused&) { to.mutable_paused(); },
                 [&](const resumed&) { to.mutable_resumed(); },
                 [&](const rewound& e) {
                   for (const auto& name : e.steps)
                     to.mutable_rewound()->add_steps(name);
                   to.mutable_rewound();
                 },
                 [&](const skipped& e) { to.mutable_skipped()->set_step(e.step); },
                 [&](const input_overridden& e) {
                   to.mutable_input_overridden()->set_step(e.step);
                   to.mutable_input_overridden()->set_input(text(e.input));
                 },
                 [&](const hold_placed& e) { to.mutable_hold_placed()->set_why(text(e.why)); },
                 [&](const hold_lifted&) { to.mutable_hold_lifted(); },
                 [&](const rejected& e) {
                   for (const auto& name : e.steps)
                     to.mutable_rejected()->add_steps(name);
                   to.mutable_rejected()->set_why(text(e.why));
                 },
                 [&](const priority_changed& e) {
                   to.mutable_priority_changed()->set_priority(e.priority);
                 },
                 [&](const rollback_started& e) {
                   put(e.plan, *to.mutable_rollback_started()->mutable_plan());
                   to.mutable_rollback_started()->set_why(text(e.why));
                 },
                 [&](const rolled_back&) { to.mutable_rolled_back(); },
                 [&](const attempt_stopped& e) {
                   auto* x = to.mutable_attempt_stopped();
                   x->set_step(e.step);
                   x->set_attempt(e.attempt);
                   x->set_epoch(e.epoch);
                   x->set_why(text(e.why));
                 },
                 [&](const reminder_due& e) {
                   to.mutable_reminder_due()->set_number(e.number);
                   to.mutable_reminder_due()->set_escalates(e.escalates);
                 },
                 [&](const steered& e) { put(e.what, *to.mutable_steered()); },
             },
             from);
}

void put(const finish_attempt& from, v1::FinishAttempt& to) {
  to.set_step(from.step);
  to.set_attempt(from.attempt);
  to.set_epoch(from.epoch);
  std::visit(overloaded{
                 [&](const success& x) {
                   to.mutable_success()->set_output(text(x.output));
                   put_labels(x.labels, to.mutable_success()->mutable_labels());
                   to.mutable_success()->set_hold(text(x.hold));
                 },
                 [&](const setback& x) {
                   to.mutable_setback()->set_error_class(static_cast<v1::ErrorClass>(x.kind));
                   to.mutable_setback()->set_why(text(x.why));
                 },
             },
             from.outcome);
}

void put(const command& from, v1::Command& to) {
  to.set_random(from.random);
  std::visit(
      overloaded{
          [&](const request&) { to.mutable_request(); },
          [&](const start_attempt& x) {
            to.mutable_start_attempt()->set_step(x.step);
            to.mutable_start_attempt()->set_worker(text(x.worker));
            to.mutable_start_attempt()->set_lease_ttl_ms(x.lease_ttl.count());
          },
          [&](const finish_attempt& x) { put(x, *to.mutable_finish_attempt()); },
          [&](const retry&) { to.mutable_retry(); },
          [&](const approve&) { to.mutable_approve(); },
          [&](const cancel&) { to.mutable_cancel(); },
          [&](const confirm_told& x) {
            put_told(x, *to.mutable_confirm_told());
            to.mutable_confirm_told()->set_number(x.number);
          },
          [&](const remind&) { to.mutable_remind(); },
          [&](const quarantine& x) { to.mutable_quarantine()->set_why(text(x.why)); },
          [&](const pause&) { to.mutable_pause(); },
          [&](const resume&) { to.mutable_resume(); },
          [&](const retry_from& x) { to.mutable_retry_from()->set_step(text(x.step)); },
          [&](const skip& x) { to.mutable_skip()->set_step(text(x.step)); },
          [&](const override_input& x) {
            to.mutable_override_input()->set_step(text(x.step));
            to.mutable_override_input()->set_input(text(x.input));
          },
          [&](const hold&) { to.mutable_hold(); },
          [&](const reject&) { to.mutable_reject(); },
          [&](const set_priority& x) { to.mutable_set_priority()->set_priority(x.priority); },
          [&](const stop_attempt& x) {
            to.mutable_stop_attempt()->set_step(text(x.step));
            to.mutable_stop_attempt()->set_epoch(x.epoch);
            to.mutable_stop_attempt()->set_why(text(x.why));
          },
          [&](const steer& x) { put(x.what, *to.mutable_steer()); },
          [&](const roll_back& x) {
            to.mutable_roll_back()->set_agent(text(x.agent));
            to.mutable_roll_back()->set_timeout_ms(x.timeout.count());
            put(x.retry, *to.mutable_roll_back());
          },
      },
      from.what);
}

void put(const state& from, v1::State& to) {
  to.set_phase(static_cast<uint32_t>(from.phase));
  put(from.subject, *to.mutable_subject());
  put(from.flow, *to.mutable_workflow());
  to.set_scan(text(from.scan));
  put_labels(from.labels, to.mutable_labels());
  for (const auto& x : from.steps)
    put(x, *to.add_steps());
  to.set_epoch(from.epoch);
  to.set_requested_at_us(micros(from.requested_at));
  to.set_changed_at_us(micros(from.changed_at));
  to.set_why(text(from.why));
  to.set_told(from.told);
  to.set_paused(from.is_paused);
  to.set_priority(from.priority);
  to.set_question(static_cast<uint32_t>(from.question));
  to.set_question_text(text(from.question_text));
  to.set_rolling_back(from.is_rolling_back);
  to.set_rollbacks(from.rollbacks);
  if (from.fleet.has_value())
    put(from.fleet.value(), *to.mutable_fleet());
  if (from.telling != telling{})
    put(from.telling, *to.mutable_telling());
}

} // namespace skein::proto
