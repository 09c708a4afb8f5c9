#include "events/migration.hpp"

#include <algorithm>

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

/// What still runs in a quarantined migration may yet be held or parked: the quarantine stays.
void rest_unfinished(state& now, phase how, const std::string& why) {
  if (now.phase == phase::quarantined)
    return;
  now.phase = how;
  now.why = why;
  now.told = false;
}

/// What is still parked or held decides; only when nothing is does the migration go on.
void go_on(state& now) {
  if (const auto* step = first_in(now, step_status::parked)) {
    now.phase = phase::parked;
    now.why = step->last_failure;
  } else if (first_in(now, step_status::held)) {
    now.phase = phase::held;
  } else {
    now.phase = phase::running;
    now.why.clear();
    now.told = true;
  }
}

void fold(state& now, const requested& e, timestamp at) {
  now.phase = phase::running;
  now.subject = e.subject;
  now.flow = e.flow;
  now.scan = e.scan;
  now.requested_at = at;
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
void fold(state& now, const held& e, timestamp) {
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
  rest_unfinished(now, phase::held, e.why);
}

void fold(state& now, const parked& e, timestamp) {
  if (auto* step = step_of(now, e.step))
    step->status = step_status::parked;
  rest_unfinished(now, phase::parked, e.why);
}

void fold(state& now, const retried& e, timestamp) {
  for (const auto& name : e.steps)
    if (auto* step = step_of(now, name)) {
      step->status = step_status::ready;
      step->failures = {};
    }
  go_on(now);
}

void fold(state& now, const approved& e, timestamp) {
  if (auto* step = step_of(now, e.step)) {
    step->status = step_status::succeeded;
    release_dependents(now, e.step);
  }
  go_on(now);
}

void fold(state& now, const quarantined& e, timestamp) {
  rest_unfinished(now, phase::quarantined, e.why);
}

void fold(state& now, const owner_told&, timestamp) { now.told = true; }

void fold(state& now, const cancelled&, timestamp) {
  now.phase = phase::cancelled;
  now.told = true;
}

void fold(state& now, const completed&, timestamp) {
  now.phase = phase::completed;
  now.why.clear();
  now.told = true;
}

void fold(state& now, const paused&, timestamp) { now.is_paused = true; }

void fold(state& now, const resumed&, timestamp) { now.is_paused = false; }

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
