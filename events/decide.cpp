#include "events/migration.hpp"
#include "events/migration_id.hpp"
#include "events/overloaded.hpp"

#include <algorithm>
#include <limits>

namespace skein::migration {

namespace {

using events = std::vector<event>;

/// No wait is longer: a due time must not overflow, whatever a workflow says.
constexpr std::chrono::milliseconds longest_wait = std::chrono::days{366};

/// min(cap, base * 2^(failures - 1)) in milliseconds, and never less than none.
int64_t backoff_ceiling(const retry_rule& rule, uint32_t failures) {
  const auto cap = std::clamp<int64_t>(rule.cap.count(), 0, longest_wait.count());
  const auto base = std::clamp<int64_t>(rule.base.count(), 0, cap);
  const auto doublings = std::min(failures - 1, 62u);
  return base > cap >> doublings ? cap : base << doublings;
}

/// Full jitter: uniform in [0, ceiling], in whole milliseconds.
std::chrono::milliseconds backoff(const retry_rule& rule, uint32_t failures, uint64_t random) {
  const auto ceiling = static_cast<uint64_t>(backoff_ceiling(rule, failures));
  return std::chrono::milliseconds{random % (ceiling + 1)};
}

bool can_start(const step_state& step, timestamp at) {
  return step.status == step_status::ready
         || (step.status == step_status::retrying && step.due <= at);
}

constexpr auto nothing = std::numeric_limits<std::size_t>::max();

/// Whether the migration ends when `step` succeeds, or with nothing more.

bool is_last(const state& now, std::size_t step) {
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    if (i != step && !is_done(now.steps[i].status))
      return false;
  return true;
}

/// How it ends when its last step has.
event last_event(const state& now) {
  if (now.is_rolling_back)
    return rolled_back{};
  return completed{};
}

decision on(const state& now, const command&, const request& cmd) {
  if (now.phase != phase::blank || now.fleet.has_value())
    return rejection::already_requested;
  const auto& what = cmd.subject;
  if (!check_name("dataset", what.name) || !check_name("target version", what.target_version)
      || what.target_version == what.current_version || !faults_of(cmd.flow).empty())
    return rejection::bad_request;
  return events{requested{what, cmd.flow, cmd.scan}};
}

decision on(const state& now, const command& cmd, const start_attempt& want) {
  const auto at = now.find(want.step);
  if (!at)
    return rejection::unknown_step;
  const auto& step = now.steps[*at];
  if (now.phase != phase::running || now.is_paused || !can_start(step, cmd.at))
    return rejection::not_ready;
  return events{
      attempt_started{want.step, step.attempts + 1, now.epoch + 1, want.worker, want.lease_ttl}};
}

decision succeed(const state& now, std::size_t at, const finish_attempt& got, const success& how) {
  const auto& step = now.steps[at];
  events result{attempt_succeeded{got.step, step.attempts, step.epoch, how.output, how.labels}};
  if (!how.hold.empty())
    result.push_back(held{got.step, how.hold});
  else if (is_last(now, at) && now.question == question::none)
    result.push_back(last_event(now));
  return result;
}

decision set_back(const state& now, std::size_t at, const command& cmd, const finish_attempt& got,
                  const setback& how) {
  const auto& rule = now.flow.steps[at].retry.of(how.kind);
  const auto& step = now.steps[at];
  const auto failures = step.failures[index_of(how.kind)] + 1;
  events result{attempt_failed{got.step, step.attempts, step.epoch, how.kind, how.why}};
  if (failures < rule.max_attempts)
    result.push_back(retry_scheduled{got.step, cmd.at + backoff(rule, failures, cmd.random)});
  else
    result.push_back(parked{got.step, how.why});
  return result;
}

decision on(const state& now, const command& cmd, const finish_attempt& got) {
  const auto at = now.find(got.step);
  if (!at)
    return rejection::unknown_step;
  const auto& step = now.steps[*at];
  // A worker that lost its lease may still report; a cancelled migration no longer listens.
  if (step.status != step_status::running || step.epoch != got.epoch
      || now.phase == phase::cancelled)
    return rejection::stale_epoch;
  if (const auto* how = std::get_if<success>(&got.outcome))
    return succeed(now, *at, got, *how);
  return set_back(now, *at, cmd, got, std::get<setback>(got.outcome));
}

std::vector<std::string> steps_in(const state& now, std::initializer_list<step_status> wanted) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    if (std::find(wanted.begin(), wanted.end(), now.steps[i].status) != wanted.end())
      found.push_back(now.flow.steps[i].name);
  return found;
}

decision on(const state& now, const command&, const retry&) {
  if (now.phase != phase::held && now.phase != phase::parked && now.phase != phase::quarantined)
    return rejection::nothing_to_do;
  retried again{steps_in(now, {step_status::held, step_status::parked})};
  if (again.steps.empty() && now.phase == phase::held)
    return rejection::nothing_to_do; // an operator's question wants an answer
  events result{std::move(again)};
  if (now.question == question::denied && is_last(now, nothing))
    result.push_back(last_event(now));
  return result;
}

decision on(const state& now, const command&, const approve&) {
  events result;
  for (auto& step : steps_in(now, {step_status::held}))
    result.push_back(approved{std::move(step)});
  if (now.question == question::asked)
    result.push_back(hold_lifted{});
  // Nor does an approval lift a quarantine: it says nothing about the fault behind it.
  if (result.empty() || now.phase == phase::cancelled || now.phase == phase::quarantined)
    return rejection::nothing_to_do;
  const auto open = std::count_if(now.steps.begin(), now.steps.end(), [](const auto& step) {
    return !is_done(step.status) && step.status != step_status::held;
  });
  if (open == 0 && now.question != question::denied)
    result.push_back(last_event(now));
  return result;
}

decision on(const state& now, const command&, const cancel&) {
  if (has_ended(now.phase))
    return rejection::at_rest;
  return events{cancelled{}};
}

decision on(const state& now, const command&, const pause&) {
  if (has_ended(now.phase))
    return rejection::at_rest;
  if (now.is_paused)
    return rejection::nothing_to_do;
  return events{paused{}};
}

decision on(const state& now, const command&, const resume&) {
  if (!now.is_paused)
    return rejection::nothing_to_do;
  return events{resumed{}};
}

/// The step, and all steps that depend on it, directly or not; in the order of the workflow.
std::vector<std::size_t> from_step(const state& now, std::size_t first) {
  std::vector<bool> in(now.steps.size());
  in[first] = true;
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t i = 0; i < now.steps.size(); ++i)
      for (const auto& on : now.flow.steps[i].depends_on)
        if (const auto before = now.find(on); !in[i] && before && in[*before])
          grew = in[i] = true;
  }
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < in.size(); ++i)
    if (in[i])
      found.push_back(i);
  return found;
}

bool runs(const state& now, std::size_t step) {
  return now.steps[step].status == step_status::running;
}

decision on(const state& now, const command&, const retry_from& cmd) {
  if (now.phase == phase::completed || now.phase == phase::cancelled)
    return rejection::at_rest;
  const auto first = now.find(cmd.step);
  // The step that puts the old version back is no step of the workflow.
  const auto last = now.steps.size() - 1;
  if (!first || (now.is_rolling_back && *first == last))
    return rejection::unknown_step;
  if (now.is_rolling_back && runs(now, last))
    return rejection::still_running;
  rewound result;
  for (const auto at : from_step(now, *first)) {
    if (runs(now, at))
      return rejection::still_running;
    result.steps.push_back(now.flow.steps[at].name);
  }
  const auto status = now.steps[*first].status;
  if (status == step_status::waiting || status == step_status::ready)
    return rejection::nothing_to_do;
  return events{std::move(result)};
}

decision on(const state& now, const command&, const skip& cmd) {
  if (has_ended(now.phase))
    return rejection::at_rest;
  const auto at = now.find(cmd.step);
  if (!at)
    return rejection::unknown_step;
  if (runs(now, *at))
    return rejection::still_running;
  if (is_done(now.steps[*at].status) || now.is_rolling_back)
    return rejection::nothing_to_do;
  events result{skipped{cmd.step}};
  if (is_last(now, *at) && now.question == question::none)
    result.push_back(last_event(now));
  return result;
}

decision on(const state& now, const command&, const override_input& cmd) {
  if (now.phase == phase::completed || now.phase == phase::cancelled)
    return rejection::at_rest;
  const auto at = now.find(cmd.step);
  if (!at)
    return rejection::unknown_step;
  if (now.steps[*at].input == cmd.input)
    return rejection::nothing_to_do;
  return events{input_overridden{cmd.step, cmd.input}};
}

decision on(const state& now, const command& cmd, const hold&) {
  if (has_ended(now.phase))
    return rejection::at_rest;
  if (now.question != question::none || now.phase == phase::quarantined)
    return rejection::nothing_to_do;
  return events{hold_placed{cmd.reason}};
}

decision on(const state& now, const command& cmd, const reject&) {
  auto steps = steps_in(now, {step_status::held});
  if ((steps.empty() && now.question != question::asked) || has_ended(now.phase)
      || now.phase == phase::quarantined)
    return rejection::nothing_to_do;
  return events{rejected{std::move(steps), cmd.reason}};
}

decision on(const state& now, const command&, const set_priority& cmd) {
  if (has_ended(now.phase))
    return rejection::at_rest;
  if (cmd.priority > priority_max || cmd.priority < -priority_max)
    return rejection::bad_request;
  if (cmd.priority == now.priority)
    return rejection::nothing_to_do;
  return events{priority_changed{cmd.priority}};
}

decision on(const state& now, const command& cmd, const roll_back& how) {
  if (now.phase == phase::cancelled || now.phase == phase::rolled_back)
    return rejection::at_rest;
  if (now.is_rolling_back)
    return rejection::nothing_to_do;
  if (!steps_in(now, {step_status::running}).empty())
    return rejection::still_running;
  step plan{"rollback", how.agent, {}, how.timeout, how.retry};
  if (now.rollbacks > 0)
    plan.name += "-" + std::to_string(now.rollbacks + 1); // a step's attempts are counted from one
  while (now.find(plan.name))
    plan.name += "-again";
  return events{rollback_started{std::move(plan), cmd.reason}};
}

decision on(const state& now, const command&, const stop_attempt& cmd) {
  const auto at = now.find(cmd.step);
  if (!at)
    return rejection::unknown_step;
  const auto& step = now.steps[*at];
  if (step.status != step_status::running || step.epoch != cmd.epoch
      || now.phase == phase::cancelled)
    return rejection::stale_epoch;
  return events{attempt_stopped{cmd.step, step.attempts, step.epoch, cmd.why}};
}

decision on(const state& now, const command& cmd, const steer& how) {
  if (now.phase != phase::blank)
    return rejection::bad_order;
  const auto answer = decide(now.fleet.value(), how.what, cmd.actor, cmd.reason);
  if (const auto* what = std::get_if<steering::event>(&answer))
    return events{steered{*what}};
  switch (std::get<steering::rejection>(answer)) {
    case steering::rejection::as_it_is: return rejection::as_it_is;
    case steering::rejection::unknown_bulk: return rejection::unknown_bulk;
    case steering::rejection::bad_order: break;
  }
  return rejection::bad_order;
}

decision on(const state& now, const command&, const confirm_told& cmd) {
  const auto is_another = cmd.number != 0 && cmd.number != now.telling.number;
  if (now.told || is_another || now.telling.channels.contains(cmd.channel))
    return rejection::nothing_to_do;
  return events{owner_told{cmd.digest, cmd.channel, cmd.asked, cmd.remind_at, cmd.escalate_at}};
}

decision on(const state& now, const command& cmd, const remind&) {
  const auto& last = now.telling;
  if (!now.told || last.remind_at == timestamp{} || cmd.at < last.remind_at)
    return rejection::nothing_to_do;
  const auto escalates
      = !last.is_escalated && last.escalate_at != timestamp{} && cmd.at >= last.escalate_at;
  return events{reminder_due{last.reminders + 1, escalates}};
}

decision on(const state& now, const command&, const quarantine& cmd) {
  if (now.phase == phase::quarantined)
    return rejection::nothing_to_do;
  if (has_ended(now.phase))
    return rejection::at_rest;
  return events{quarantined{cmd.why}};
}

} // namespace

decision decide(const state& now, const command& cmd) {
  if (now.phase == phase::blank && !std::holds_alternative<request>(cmd.what)
      && !std::holds_alternative<steer>(cmd.what))
    return rejection::not_requested;
  return std::visit([&](const auto& what) { return on(now, cmd, what); }, cmd.what);
}

} // namespace skein::migration
