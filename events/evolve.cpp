#include "events/migration.hpp"

#include <algorithm>
#include <utility>

namespace skein::migration {

namespace {

/// An event about a step that is not there changes nothing: evolve is total.
step_state* step_of(state& now, const std::string& name) {
  const auto at = now.find(name);
  return at ? &now.steps[*at] : nullptr;
}

/// Looks only at what depends on the step that ended.
void release_dependents(state& now, const std::string& ended) {
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    const auto& on = now.flow.steps[i].depends_on;
    if (std::find(on.begin(), on.end(), ended) == on.end())
      continue;
    auto& step = now.steps[i];
    if (step.waits_on > 0 && --step.waits_on == 0 && step.status == step_status::waiting)
      step.status = step_status::ready;
  }
}

const step_state* first_in(const state& now, step_status wanted) {
  const auto at = std::find_if(now.steps.begin(), now.steps.end(),
                               [=](const auto& step) { return step.status == wanted; });
  return at == now.steps.end() ? nullptr : &*at;
}

/// The owner is to be told from now on.
void begin_telling(state& now, timestamp at) {
  now.told = false;
  now.telling = {.number = now.telling.number + 1, .since = at, .begun = at};
}

/// There is nothing, or nothing more, to tell the owner.
void end_telling(state& now) {
  now.told = true;
  now.telling = {.number = now.telling.number};
}

/// What still runs in a quarantined migration may yet be held or parked: the quarantine stays.
void rest_unfinished(state& now, phase how, const std::string& why, timestamp at) {
  if (now.phase == phase::quarantined)
    return;
  now.phase = how;
  now.why = why;
  begin_telling(now, at);
}

/// What is still parked or held decides; only when nothing is does the migration go on.
void go_on(state& now) {
  if (const auto* step = first_in(now, step_status::parked)) {
    now.phase = phase::parked;
    now.why = step->last_failure;
  } else if (now.question == question::denied) {
    now.phase = phase::parked;
    now.why = now.question_text;
  } else if (first_in(now, step_status::held)) {
    now.phase = phase::held;
  } else if (now.question == question::asked) {
    now.phase = phase::held;
    now.why = now.question_text;
  } else {
    now.phase = phase::running;
    now.why.clear();
    end_telling(now);
  }
}

/// An operator's question is settled.
void answer(state& now) {
  now.question = question::none;
  now.question_text.clear();
}

/// The step that put the old version back is gone once the others are done again.
void forget_rollback(state& now) {
  if (!std::exchange(now.is_rolling_back, false) || now.steps.empty())
    return;
  now.flow.steps.pop_back();
  now.steps.pop_back();
}

void fold(state& now, const requested& e, timestamp at) {
  now.phase = phase::running;
  now.subject = e.subject;
  now.flow = e.flow;
  now.scan = e.scan;
  now.requested_at = at;
  now.is_rolling_back = false;
  now.steps.assign(e.flow.steps.size(), step_state{});
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    now.steps[i].waits_on = static_cast<uint32_t>(e.flow.steps[i].depends_on.size());
    if (now.steps[i].waits_on == 0)
      now.steps[i].status = step_status::ready;
  }
}

void fold(state& now, const attempt_started& e, timestamp at) {
  now.epoch = e.epoch;
  if (auto* step = step_of(now, e.step)) {
    step->status = step_status::running;
    step->attempts = e.attempt;
    step->epoch = e.epoch;
    step->worker = e.worker;
    step->lease_ttl = e.lease_ttl;
    step->started = at;
  }
}

void fold(state& now, const attempt_succeeded& e, timestamp at) {
  for (const auto& [key, value] : e.labels)
    now.labels[key] = value;
  if (auto* step = step_of(now, e.step)) {
    step->status = step_status::succeeded;
    step->output = e.output;
    step->ended = at;
    release_dependents(now, e.step);
  }
}

void fold(state& now, const attempt_failed& e, timestamp at) {
  if (auto* step = step_of(now, e.step)) {
    ++step->failures[index_of(e.kind)];
    step->last_failure = e.why;
    step->ended = at;
  }
}

void fold(state& now, const retry_scheduled& e, timestamp) {
  if (auto* step = step_of(now, e.step)) {
    step->status = step_status::retrying;
    step->due = e.due;
  }
}

/// `attempt_succeeded` came first and released the dependents: a hold takes them back.
void fold(state& now, const held& e, timestamp at) {
  auto* step = step_of(now, e.step);
  if (!step)
    return;
  step->status = step_status::held;
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    const auto& on = now.flow.steps[i].depends_on;
    if (std::find(on.begin(), on.end(), e.step) == on.end())
      continue;
    ++now.steps[i].waits_on;
    if (now.steps[i].status == step_status::ready)
      now.steps[i].status = step_status::waiting;
  }
  rest_unfinished(now, phase::held, e.why, at);
}

void fold(state& now, const parked& e, timestamp at) {
  if (auto* step = step_of(now, e.step))
    step->status = step_status::parked;
  rest_unfinished(now, phase::parked, e.why, at);
}

void fold(state& now, const retried& e, timestamp) {
  for (const auto& name : e.steps)
    if (auto* step = step_of(now, name)) {
      step->status = step_status::ready;
      step->failures = {};
    }
  if (now.question == question::denied)
    answer(now);
  go_on(now);
}

void fold(state& now, const approved& e, timestamp) {
  if (auto* step = step_of(now, e.step)) {
    step->status = step_status::succeeded;
    release_dependents(now, e.step);
  }
  go_on(now);
}

void fold(state& now, const quarantined& e, timestamp at) {
  rest_unfinished(now, phase::quarantined, e.why, at);
}

/// It is owed until every channel that was asked for has told it.
void fold(state& now, const owner_told& e, timestamp) {
  auto& telling = now.telling;
  if (!e.channel.empty()) {
    telling.channels.insert(e.channel);
    telling.asked = {e.asked.begin(), e.asked.end()};
  }
  now.told = e.channel.empty()
             || std::includes(telling.channels.begin(), telling.channels.end(),
                              telling.asked.begin(), telling.asked.end());
  if (!now.told)
    return;
  telling.remind_at = e.remind_at;
  telling.escalate_at = e.escalate_at;
}

void fold(state& now, const reminder_due& e, timestamp at) {
  auto& telling = now.telling;
  now.told = false;
  ++telling.number;
  telling.begun = at;
  telling.reminders = e.number;
  telling.is_escalated = telling.is_escalated || e.escalates;
  telling.channels.clear();
  telling.asked.clear();
  telling.remind_at = {};
}

void fold(state& now, const cancelled&, timestamp) {
  now.phase = phase::cancelled;
  end_telling(now);
}

void fold(state& now, const completed&, timestamp) {
  now.phase = phase::completed;
  now.why.clear();
  end_telling(now);
}

void fold(state& now, const paused&, timestamp) { now.is_paused = true; }

void fold(state& now, const resumed&, timestamp) { now.is_paused = false; }

void fold(state& now, const rewound& e, timestamp) {
  forget_rollback(now);
  for (const auto& name : e.steps)
    if (auto* step = step_of(now, name)) {
      step->status = step_status::waiting;
      step->failures = {};
    }
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    auto& step = now.steps[i];
    step.waits_on = 0;
    for (const auto& on : now.flow.steps[i].depends_on)
      if (const auto* before = step_of(now, on); before && !is_done(before->status))
        ++step.waits_on;
    if (step.waits_on == 0 && step.status == step_status::waiting)
      step.status = step_status::ready;
  }
  if (now.question == question::denied)
    answer(now);
  go_on(now);
}

void fold(state& now, const skipped& e, timestamp at) {
  auto* step = step_of(now, e.step);
  if (!step)
    return;
  step->status = step_status::skipped;
  step->ended = at;
  release_dependents(now, e.step);
  // It says nothing about the fault behind a quarantine.
  if (now.phase != phase::quarantined)
    go_on(now);
}

void fold(state& now, const input_overridden& e, timestamp) {
  if (auto* step = step_of(now, e.step))
    step->input = e.input;
}

void fold(state& now, const hold_placed& e, timestamp at) {
  now.question = question::asked;
  now.question_text = e.why;
  if (now.phase == phase::running)
    rest_unfinished(now, phase::held, e.why, at);
}

void fold(state& now, const hold_lifted&, timestamp) {
  answer(now);
  go_on(now);
}

void fold(state& now, const rejected& e, timestamp at) {
  for (const auto& name : e.steps)
    if (auto* step = step_of(now, name)) {
      step->status = step_status::parked;
      step->last_failure = e.why;
    }
  if (now.question == question::asked) {
    now.question = question::denied;
    now.question_text = e.why;
  }
  rest_unfinished(now, phase::parked, e.why, at);
}

void fold(state& now, const priority_changed& e, timestamp) { now.priority = e.priority; }

/// What was not done never will be; what was done is what it puts back.
void fold(state& now, const rollback_started& e, timestamp) {
  forget_rollback(now);
  for (auto& step : now.steps) {
    step.waits_on = 0;
    if (!is_done(step.status))
      step.status = step_status::skipped;
  }
  now.flow.steps.push_back(e.plan);
  now.steps.push_back({.status = step_status::ready});
  now.is_rolling_back = true;
  ++now.rollbacks;
  answer(now);
  now.phase = phase::running;
  now.why = e.why;
  end_telling(now);
}

/// Its owner is told why.
void fold(state& now, const rolled_back&, timestamp at) {
  now.phase = phase::rolled_back;
  begin_telling(now, at);
}

void fold(state& now, const attempt_stopped& e, timestamp at) {
  if (auto* step = step_of(now, e.step)) {
    step->status = step_status::ready;
    step->last_failure = e.why;
    step->ended = at;
  }
}

void fold(state& now, const steered& e, timestamp at) {
  auto& fleet = now.fleet.make();
  fleet = evolve(std::move(fleet), e.what, at);
}

} // namespace

std::optional<std::size_t> state::find(std::string_view step) const {
  for (std::size_t i = 0; i < flow.steps.size(); ++i)
    if (flow.steps[i].name == step)
      return i;
  return std::nullopt;
}

state evolve(state then, const event& what, timestamp at) {
  std::visit([&](const auto& e) { fold(then, e, at); }, what);
  then.changed_at = at;
  return then;
}

} // namespace skein::migration
