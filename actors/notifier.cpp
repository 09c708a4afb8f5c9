#include "actors/notifier.hpp"

#include "actors/backoff.hpp"
#include "actors/notifier_runs.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using namespace std::chrono_literals;
using stage = digest_batch::stage;

constexpr std::chrono::milliseconds first_wait = 100ms;
constexpr std::chrono::milliseconds longest_wait = 2s;

// -- heartbeats -------------------------------------------------------------------------------

void beat(notifier_pointer self, moment now) {
  auto& st = self->state;
  st.next_heartbeat = now + st.options.lease_ttl / 3;
  auto leases = st.book.attempts();
  if (leases.empty())
    return;
  bus::heartbeat what{st.facts.worker, {}};
  for (const auto& which : leases)
    what.leases.push_back({which.migration, which.step, which.epoch, -1, {}});
  st.ports.heartbeat(std::move(what), [back = st.back, now, leases](auto reply) {
    back->send(notice_heartbeat_answer{now, leases, std::move(reply)});
  });
}

/// Nobody waits for these any more: they are done without being told.
void drop_revoked(notifier_pointer self, const notice_heartbeat_answer& answer) {
  auto& st = self->state;
  for (const auto index : answer.reply->revoked)
    if (index < answer.leases.size()) {
      st.reports.drop(answer.leases[index]);
      st.book.settle(answer.leases[index]);
    }
}

void stop_idle_runs(notifier_state& st) {
  for (const auto& batch : st.book.batches())
    if (batch.at == stage::running && batch.notices.empty())
      if (const auto found = st.running.find(batch.id); found != st.running.end())
        found->second->stop(st.options.grace);
}

/// Whether the answer speaks of every attempt in the batch, as of when it was complete.
bool is_checked_by(const notice_heartbeat_answer& answer, const digest_batch& batch) {
  const auto& asked = answer.leases;
  return answer.sent >= batch.closed
         && std::all_of(batch.notices.begin(), batch.notices.end(), [&](const auto& held) {
              return held.what.step.empty()
                     || std::find(asked.begin(), asked.end(), key_of(held.what)) != asked.end();
            });
}

void on_heartbeat(notifier_pointer self, const notice_heartbeat_answer& answer) {
  auto& st = self->state;
  if (!answer.reply) {
    const auto wait = backoff(++st.heartbeats_failed, first_wait, longest_wait);
    st.next_heartbeat = std::min(st.next_heartbeat, self->clock().now() + wait);
    return;
  }
  st.heartbeats_failed = 0;
  drop_revoked(self, answer);
  stop_idle_runs(st);
  std::vector<uint64_t> checked;
  for (const auto& batch : st.book.batches())
    if (batch.at == stage::checking && is_checked_by(answer, batch))
      checked.push_back(batch.id);
  for (const auto id : checked)
    begin_telling(self, *st.book.find(id));
}

// -- batches ----------------------------------------------------------------------------------

bool has_steps(const digest_batch& batch) {
  return std::any_of(batch.notices.begin(), batch.notices.end(),
                     [](const auto& held) { return !held.what.step.empty(); });
}

/// A batch waits as a whole, unless something in it does not.
std::chrono::milliseconds quiet_for(const notifier_options& options, const digest_batch& batch) {
  auto wait = std::chrono::milliseconds::max();
  for (const auto& held : batch.notices)
    wait = std::min(wait, options.quiet_for(held.what.kind));
  return wait;
}

void give_back(notice_book& book, digest_batch& batch, std::chrono::milliseconds wait) {
  std::vector<attempt_key> all;
  for (const auto& held : batch.notices)
    all.push_back(key_of(held.what));
  for (const auto& which : all)
    book.give_back(batch, which, wait);
  book.forget(batch.id);
}

void close_batches(notifier_pointer self, moment now) {
  auto& st = self->state;
  if (st.is_stopping)
    return;
  for (const auto id : st.book.close_complete(now)) {
    auto& batch = *st.book.find(id);
    // A step that tells was held back by the digest, and holds a lease now.
    if (has_steps(batch))
      st.next_heartbeat = now;
    else if (const auto wait = quiet_for(st.options, batch); wait.count() > 0)
      give_back(st.book, batch, wait);
    else
      begin_telling(self, batch);
  }
}

void send_reports(notifier_pointer self, moment now) {
  auto& st = self->state;
  auto batch = st.reports.next(now);
  if (!batch.empty())
    st.ports.report({st.facts.worker, std::move(batch)}, [back = st.back](auto reply) {
      back->send(notice_report_answer{std::move(reply)});
    });
}

void on_verdicts(notifier_pointer self, const notice_report_answer& answer) {
  auto& st = self->state;
  const auto now = self->clock().now();
  for (const auto& verdict : st.reports.answered(answer.reply, now)) {
    if (!verdict.accepted)
      log::warn("report-refused", "{} {}: {}", verdict.item.migration, verdict.item.result.step,
                verdict.why);
    st.book.settle(key_of(verdict.item));
  }
  if (!answer.reply && st.is_stopping && st.running.empty())
    st.stop_by = now;
}

// -- what is due ------------------------------------------------------------------------------

bool is_done(const notifier_state& st, moment now) {
  return st.is_stopping && (now >= st.stop_by || (st.running.empty() && st.reports.empty()));
}

moment next_due(const notifier_state& st) {
  const auto next = st.reports.due();
  if (st.is_stopping)
    return std::min(next, st.stop_by);
  return st.book.empty() ? next
                         : std::min({next, st.book.next_close(), st.next_heartbeat, st.next_touch});
}

void look(notifier_pointer self) {
  auto& st = self->state;
  const auto now = self->clock().now();
  st.wake.rang(now);
  close_batches(self, now);
  if (now >= st.next_heartbeat)
    beat(self, now);
  if (now >= st.next_touch) {
    st.next_touch = now + st.options.touch_every;
    st.book.touch();
  }
  send_reports(self, now);
  if (is_done(st, now)) {
    st.book.give_all_back();
    return self->quit();
  }
  st.wake.set(self, next_due(st));
}

void stop(notifier_pointer self) {
  auto& st = self->state;
  if (st.is_stopping)
    return;
  st.is_stopping = true;
  st.stop_by = self->clock().now() + st.options.grace + st.options.farewell;
  for (const auto& [id, process] : st.running)
    process->stop(st.options.grace);
}

} // namespace

notifier_actor::behavior_type notifier(notifier_pointer self, notifier_options options,
                                       notifier_ports ports, worker_facts facts,
                                       std::shared_ptr<runner> runs) {
  auto& st = self->state;
  st.book = notice_book{options.gather_max};
  st.options = std::move(options);
  st.ports = std::move(ports);
  st.facts = std::move(facts);
  st.runs = std::move(runs);
  st.back = keep_door<notifier_actor>(self);
  return {
      [=](notice_delivery& one) {
        if (self->state.is_stopping)
          return one.nak({});
        self->state.book.add(std::move(one), self->clock().now());
        look(self);
      },
      [=](atom::stop) {
        stop(self);
        look(self);
      },
      [=](const notices_told& told) {
        end_telling(self, told.batch, told.result);
        look(self);
      },
      [=](const notice_heartbeat_answer& answer) {
        on_heartbeat(self, answer);
        look(self);
      },
      [=](const notice_report_answer& answer) {
        on_verdicts(self, answer);
        look(self);
      },
      [=](atom::tick) { look(self); },
  };
}

} // namespace skein::actors
