#include "actors/perform.hpp"

#include <algorithm>

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

std::string label_of(const migration::state& now, const std::string& key) {
  const auto found = now.labels.find(key);
  return found == now.labels.end() ? std::string{} : found->second;
}

const std::string& agent_of(const migration::state& now, const std::string& step) {
  static const std::string nobody;
  const auto at = now.find(step);
  return at ? now.flow.steps[*at].agent : nobody;
}

step_info info_of(const std::string& id, const migration::state& now, const std::string& step) {
  return {id,
          step,
          agent_of(now, step),
          now.scan,
          label_of(now, "owner"),
          label_of(now, "storage"),
          now.priority};
}

/// Since when a step wants to run, for whoever has it wait for an hour of the day. A step that was
/// tried before has had its hour.
migration::timestamp wanted_since(const migration::state& now, const std::string& step) {
  const auto at = now.find(step);
  return at && now.steps[*at].attempts == 0 ? now.changed_at : migration::timestamp{};
}

bus::notice notice_of(const migration_actor_state& st) {
  bus::notice what;
  what.migration = st.id;
  what.subject = st.now.subject;
  what.kind = std::string{to_string(st.now.phase)};
  what.why = st.now.why;
  what.inputs = outputs_of(st.now);
  what.labels = st.now.labels;
  const auto& telling = st.now.telling;
  what.telling.number = telling.number;
  what.telling.escalate_at = telling.escalate_at;
  what.since = telling.since;
  what.reminders = telling.reminders;
  what.is_escalated = telling.is_escalated;
  return what;
}

to_tell news_of(const migration_actor_state& st) {
  const auto& telling = st.now.telling;
  return {notice_of(st),
          st.now.scan,
          {telling.channels.begin(), telling.channels.end()},
          {telling.asked.begin(), telling.asked.end()},
          telling.begun};
}

bool tells(const migration_actor_state& st, const std::string& step) {
  return st.context->tells(agent_of(st.now, step));
}

/// Whether an effect may still change what the owner is told in the end.
bool moves(const migration_actor_state& st, const migration::effect& what) {
  return std::visit(overloaded{
                        [&](const migration::offer& x) { return !tells(st, x.step); },
                        [&](const migration::watch& x) { return !tells(st, x.step); },
                        [](const migration::tell&) { return false; },
                    },
                    what);
}

} // namespace

void perform(migration_pointer self, const migration::effect& what) {
  const auto& st = self->state;
  std::visit(
      overloaded{
          [&](const migration::offer& x) {
            offered msg{info_of(st.id, st.now, x.step), x.not_before, wanted_since(st.now, x.step)};
            if (tells(st, x.step))
              self->send(st.context->digest, std::move(msg));
            else
              self->send(st.context->pool, std::move(msg));
          },
          [&](const migration::watch& x) {
            self->send(st.context->pool, watched{info_of(st.id, st.now, x.step), x});
          },
          [&](const migration::tell&) { self->send(st.context->digest, news_of(st)); },
      },
      what);
}

std::vector<watched> running_attempts(const std::string& id, const migration::state& now) {
  std::vector<watched> found;
  for (const auto& effect : owed(now))
    if (const auto* x = std::get_if<migration::watch>(&effect))
      found.push_back({info_of(id, now, x->step), *x});
  return found;
}

void take_back(migration_pointer self, const std::vector<migration::effect>& no_longer_owed) {
  const auto& st = self->state;
  for (const auto& effect : no_longer_owed)
    if (const auto* x = std::get_if<migration::watch>(&effect))
      self->send(st.context->pool, unwatched{st.id, x->step, x->epoch});
    else if (std::holds_alternative<migration::tell>(effect))
      self->send(st.context->digest, not_to_tell{st.id, st.now.scan});
}

bool is_handed_over(const migration_actor_state& st) {
  const auto is_with_digest = [&](const migration::effect& what) {
    return std::visit(overloaded{
                          [&](const migration::offer& x) { return tells(st, x.step); },
                          [](const migration::watch&) { return false; },
                          [](const migration::tell&) { return true; },
                      },
                      what);
  };
  return st.has_acted && std::all_of(st.owed.begin(), st.owed.end(), is_with_digest);
}

void tell_motion(migration_pointer self) {
  auto& st = self->state;
  const auto moving = std::any_of(st.owed.begin(), st.owed.end(),
                                  [&](const auto& effect) { return moves(st, effect); });
  if (moving == st.told_moving)
    return;
  st.told_moving = moving;
  self->send(st.context->digest, motion{st.id, st.now.scan, moving});
}

bus::outputs outputs_of(const migration::state& now) {
  bus::outputs result;
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    if (!now.steps[i].output.empty())
      result[now.flow.steps[i].name] = now.steps[i].output;
  return result;
}

bus::assignment assignment_of(const std::string& id, const migration::state& now,
                              const std::string& step) {
  bus::assignment what;
  const auto at = now.find(step);
  if (!at)
    return what;
  const auto& running = now.steps[*at];
  what.migration = id;
  what.subject = now.subject;
  what.scan = now.scan;
  what.workflow = now.flow.name;
  what.step = step;
  what.agent = now.flow.steps[*at].agent;
  what.attempt = running.attempts;
  what.epoch = running.epoch;
  what.lease_ttl = running.lease_ttl;
  what.timeout = now.flow.steps[*at].timeout;
  what.inputs = outputs_of(now);
  what.labels = now.labels;
  what.input = running.input;
  return what;
}

} // namespace skein::actors
