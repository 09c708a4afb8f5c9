#include "actors/worker.hpp"

#include "actors/backoff.hpp"
#include "actors/worker_attempts.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_wait = 100ms;
constexpr std::chrono::milliseconds longest_wait = 2s;

/// A coordinator that answers at once with nothing must not be asked in a loop.
constexpr std::chrono::milliseconds ask_spacing = 200ms;

std::chrono::milliseconds heartbeat_every(const worker_state& st) {
  return st.options.lease_ttl / 3;
}

// -- heartbeats -------------------------------------------------------------------------------

void beat(worker_pointer self, moment now) {
  auto& st = self->state;
  st.next_heartbeat = now + heartbeat_every(st);
  auto beat = heartbeat_of(st);
  std::vector<attempt_key> leases;
  for (const auto& lease : beat.leases)
    leases.push_back(key_of(lease));
  st.ports.heartbeat(std::move(beat), [back = st.back, now, leases](auto reply) {
    back->send(heartbeat_answer{now, leases, std::move(reply)});
  });
}

void confirm(worker_state& st, const attempt_key& which, moment at) {
  if (const auto found = st.attempts.find(which); found != st.attempts.end())
    found->second.confirmed = std::max(found->second.confirmed, at);
}

void revoke(worker_pointer self, const attempt_key& which) {
  self->state.reports.drop(which);
  stop_attempt(self, which, fate::revoked);
}

void on_heartbeat(worker_pointer self, const heartbeat_answer& answer) {
  auto& st = self->state;
  const auto now = self->clock().now();
  if (!answer.reply) {
    // Sooner than usual, since every miss brings the end of the leases nearer.
    const auto wait = backoff(++st.heartbeats_failed, first_wait, longest_wait);
    st.next_heartbeat = std::min(st.next_heartbeat, now + std::min(wait, heartbeat_every(st)));
    return;
  }
  st.heartbeats_failed = 0;
  st.is_known = true;
  std::vector<bool> is_revoked(answer.leases.size(), false);
  for (const auto index : answer.reply->revoked)
    if (index < is_revoked.size())
      is_revoked[index] = true;
  for (std::size_t i = 0; i < is_revoked.size(); ++i)
    if (is_revoked[i])
      revoke(self, answer.leases[i]);
    else
      confirm(st, answer.leases[i], answer.sent);
}

// -- leases -----------------------------------------------------------------------------------

/// A new worker of an old name asks only once the coordinator has ended what the old one held.
bool may_ask(const worker_state& st) {
  return st.is_known && !st.is_asking && !st.is_stopping && st.attempts.size() < st.options.slots;
}

void ask(worker_pointer self, moment now) {
  auto& st = self->state;
  st.is_asking = true;
  st.asked = now;
  const auto room = st.options.slots - static_cast<uint32_t>(st.attempts.size());
  st.ports.lease({st.facts.worker, room, st.options.lease_wait},
                 [back = st.back](auto reply) { back->send(lease_answer{std::move(reply)}); });
}

void on_leases(worker_pointer self, const lease_answer& answer) {
  auto& st = self->state;
  st.is_asking = false;
  if (!answer.reply) {
    st.next_ask = self->clock().now() + backoff(++st.asks_failed, first_wait, longest_wait);
    return;
  }
  st.asks_failed = 0;
  if (answer.reply->assignments.empty())
    st.next_ask = st.asked + ask_spacing;
  for (const auto& work : answer.reply->assignments)
    begin_attempt(self, work);
}

// -- reports ----------------------------------------------------------------------------------

void send_reports(worker_pointer self, moment now) {
  auto& st = self->state;
  auto batch = st.reports.next(now);
  if (!batch.empty())
    st.ports.report({st.facts.worker, std::move(batch)},
                    [back = st.back](auto reply) { back->send(report_answer{std::move(reply)}); });
}

void on_verdicts(worker_pointer self, const report_answer& answer) {
  auto& st = self->state;
  const auto now = self->clock().now();
  for (const auto& verdict : st.reports.answered(answer.reply, now))
    if (!verdict.accepted)
      log::warn("report-refused", "{} {} (epoch {}): {}", verdict.item.migration,
                verdict.item.result.step, verdict.item.result.epoch, verdict.why);
  // Nobody is there to take the last reports; the leases will run out.
  if (!answer.reply && st.is_stopping && st.attempts.empty())
    st.stop_by = now;
}

// -- what is due ------------------------------------------------------------------------------

bool is_done(const worker_state& st, moment now) {
  return st.is_stopping && (now >= st.stop_by || (st.attempts.empty() && st.reports.empty()));
}

moment next_due(const worker_state& st) {
  auto next = std::min({st.next_heartbeat, st.reports.due(), next_fence(st)});
  if (may_ask(st))
    next = std::min(next, st.next_ask);
  return st.is_stopping ? std::min(next, st.stop_by) : next;
}

/// Does all that is due. Ends every handler, so that no event waits for a timer.
void look(worker_pointer self) {
  auto& st = self->state;
  const auto now = self->clock().now();
  st.wake.rang(now);
  fence_attempts(self, now);
  if (now >= st.next_heartbeat)
    beat(self, now);
  if (may_ask(st) && now >= st.next_ask)
    ask(self, now);
  send_reports(self, now);
  if (is_done(st, now))
    return self->quit();
  st.wake.set(self, next_due(st));
}

void stop(worker_pointer self) {
  auto& st = self->state;
  if (st.is_stopping)
    return;
  st.is_stopping = true;
  st.stop_by = self->clock().now() + st.options.grace + st.options.farewell;
  std::vector<attempt_key> all;
  for (const auto& [which, attempt] : st.attempts)
    if (attempt.fate == fate::none)
      all.push_back(which);
  for (const auto& which : all)
    stop_attempt(self, which, fate::stopped);
}

} // namespace

worker_actor::behavior_type worker(worker_pointer self, worker_options options, worker_ports ports,
                                   worker_facts facts, std::shared_ptr<runner> runs) {
  auto& st = self->state;
  st.options = options;
  st.ports = std::move(ports);
  st.facts = std::move(facts);
  st.runs = std::move(runs);
  st.back = keep_door<worker_actor>(self);
  st.next_heartbeat = self->clock().now();
  self->send(self, atom::tick_v);
  return {
      [=](atom::stop) {
        stop(self);
        look(self);
      },
      [=](const lease_answer& answer) {
        on_leases(self, answer);
        look(self);
      },
      [=](const report_answer& answer) {
        on_verdicts(self, answer);
        look(self);
      },
      [=](const heartbeat_answer& answer) {
        on_heartbeat(self, answer);
        look(self);
      },
      [=](attempt_ended& ended) {
        end_attempt(self, ended.which, std::move(ended.result));
        look(self);
      },
      [=](atom::tick) { look(self); },
  };
}

} // namespace skein::actors
