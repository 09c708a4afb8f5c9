#include "actors/worker_attempts.hpp"

#include "actors/launch_plan.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using outcome = std::variant<migration::success, migration::setback>;

void queue_report(worker_pointer self, const attempt_key& which, uint32_t number, outcome how) {
  self->state.reports.add({which.migration, {which.step, number, which.epoch, std::move(how)}});
}

run_callbacks callbacks_for(worker_pointer self, const bus::assignment& work,
                            const attempt_key& which, const std::shared_ptr<gauge>& how_far) {
  auto& st = self->state;
  bus::agent_line who;
  who.migration = work.migration;
  who.step = work.step;
  who.attempt = work.attempt;
  who.agent = work.agent;
  who.worker = st.facts.worker;
  auto out = voice_of(std::move(who), st.ports.say, how_far);
  out.ended = [back = st.back, which](run_result how) {
    back->send(attempt_ended{which, std::move(how)});
  };
  return out;
}

tl::expected<std::unique_ptr<run>, migration::setback>
start_run(worker_pointer self, const bus::assignment& work, run_callbacks out) {
  auto& st = self->state;
  auto planned = plan(work, st.facts);
  if (!planned)
    return tl::unexpected{migration::setback{error_class::permanent, planned.error().what}};
  return st.runs->start(std::move(*planned), std::move(out));
}

std::string_view reason_of(fate why) {
  switch (why) {
    case fate::fenced: return "the worker was cut off from the coordinator for a whole lease";
    case fate::stopped: return "the worker is shutting down";
    case fate::none:
    case fate::revoked: break;
  }
  return {};
}

void log_end(const attempt_key& which, const run_result& result) {
  if (const auto* bad = std::get_if<migration::setback>(&result.outcome))
    log::info("attempt-ended", "{} {} (epoch {}): {}: {}", which.migration, which.step, which.epoch,
              to_string(bad->kind), bad->why);
  else
    log::info("attempt-ended", "{} {} (epoch {}): success, {} MiB at most", which.migration,
              which.step, which.epoch, result.facts.max_rss_bytes >> 20);
}

} // namespace

void begin_attempt(worker_pointer self, const bus::assignment& work) {
  auto& st = self->state;
  const attempt_key which{work.migration, work.step, work.epoch};
  if (st.attempts.contains(which))
    return;
  if (st.is_stopping)
    return queue_report(
        self, which, work.attempt,
        migration::setback{error_class::lost, std::string{reason_of(fate::stopped)}});
  held_attempt attempt;
  attempt.number = work.attempt;
  attempt.lease_ttl = work.lease_ttl.count() > 0 ? work.lease_ttl : st.options.lease_ttl;
  attempt.confirmed = self->clock().now();
  auto started = start_run(self, work, callbacks_for(self, work, which, attempt.how_far));
  if (!started)
    return queue_report(self, which, work.attempt, std::move(started.error()));
  log::info("attempt-started", "{} {} (attempt {}, epoch {}) by {}", which.migration, which.step,
            work.attempt, which.epoch, work.agent);
  attempt.process = std::move(*started);
  st.options.lease_ttl = attempt.lease_ttl;
  st.attempts.emplace(which, std::move(attempt));
}

void end_attempt(worker_pointer self, const attempt_key& which, run_result result) {
  auto& st = self->state;
  const auto found = st.attempts.find(which);
  if (found == st.attempts.end())
    return;
  log_end(which, result);
  const auto why = found->second.fate;
  const auto number = found->second.number;
  st.attempts.erase(found);
  if (why == fate::revoked)
    return;
  // What ended by itself in the meantime is told as it is; the coordinator knows the epochs.
  if (auto* bad = std::get_if<migration::setback>(&result.outcome);
      bad && bad->kind == error_class::lost && why != fate::none)
    bad->why = reason_of(why);
  queue_report(self, which, number, std::move(result.outcome));
}

void stop_attempt(worker_pointer self, const attempt_key& which, fate why) {
  auto& st = self->state;
  const auto found = st.attempts.find(which);
  if (found == st.attempts.end())
    return;
  log::warn("attempt-stopped", "{} {} (epoch {}) is being ended: {}", which.migration, which.step,
            which.epoch, why == fate::revoked ? "its lease was revoked" : reason_of(why));
  found->second.fate = why;
  found->second.process->stop(st.options.grace);
}

void fence_attempts(worker_pointer self, moment now) {
  std::vector<attempt_key> over;
  for (const auto& [which, attempt] : self->state.attempts)
    if (attempt.fate == fate::none && now >= attempt.confirmed + attempt.lease_ttl)
      over.push_back(which);
  for (const auto& which : over)
    stop_attempt(self, which, fate::fenced);
}

moment next_fence(const worker_state& st) {
  auto next = moment::max();
  for (const auto& [which, attempt] : st.attempts)
    if (attempt.fate == fate::none)
      next = std::min(next, attempt.confirmed + attempt.lease_ttl);
  return next;
}

bus::heartbeat heartbeat_of(const worker_state& st) {
  bus::heartbeat beat{st.facts.worker, {}};
  for (const auto& [which, attempt] : st.attempts) {
    if (attempt.fate == fate::revoked)
      continue;
    auto [share, message] = attempt.how_far->read();
    beat.leases.push_back({which.migration, which.step, which.epoch, share, std::move(message)});
  }
  for (auto& which : st.reports.keys())
    beat.leases.push_back({which.migration, which.step, which.epoch, 1, "to be reported"});
  return beat;
}

} // namespace skein::actors
