#include "tests/simulation/log_book.hpp"

#include "actors/migration.hpp"
#include "events/overloaded.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::simulation {

namespace {

std::string place_of(const record& what) {
  return fmt::format("{} event {} ({})", what.migration, what.version, name_of(what.event));
}

std::string label_of(const migration::state& now, const std::string& key) {
  const auto found = now.labels.find(key);
  return found == now.labels.end() ? std::string{} : found->second;
}

const step& plan_of(const migration::state& now, const std::string& name) {
  static const step nothing;
  const auto at = now.find(name);
  return at ? now.flow.steps[*at] : nothing;
}

/// A quarantine is told once, whatever still ends below it.
void begin_telling(logged_migration& of) {
  if (of.now.phase != migration::phase::quarantined)
    of.told_on.clear();
}

} // namespace

log_book::log_book(const store::log_reader& log, actors::dispatch_limits limits,
                   std::set<std::string> telling, verdict broken)
    : log_{log},
      limits_{std::move(limits)},
      telling_{std::move(telling)},
      broken_{std::move(broken)} {}

const logged_migration* log_book::find(const std::string& id) const {
  const auto found = migrations_.find(id);
  return found == migrations_.end() ? nullptr : &found->second;
}

void log_book::catch_up() {
  if (log_.last_sequence() < records_.size())
    broken_(rules::log_grows,
            fmt::format("it had {} records and has {}", records_.size(), log_.last_sequence()));
  if (log_.last_sequence() == records_.size())
    return;
  (void)log_.read(records_.size() + 1, store::no_limit, [&](const store::stored& from) {
    take(from);
    return true;
  });
  if (!unfinished_.empty())
    broken_(rules::decided, *unfinished_.begin() + ": half of a commit is in the log");
}

void log_book::compare_all() {
  uint64_t seen = 0;
  (void)log_.read(1, store::no_limit, [&](const store::stored& from) {
    if (seen < records_.size() && records_[seen] != from.bytes)
      broken_(rules::log_grows, fmt::format("record {} has changed", from.sequence));
    ++seen;
    return true;
  });
  if (seen < records_.size())
    broken_(rules::log_grows, fmt::format("of {} records {} are left", records_.size(), seen));
}

void log_book::take(const store::stored& from) {
  records_.emplace_back(from.bytes);
  const auto what = decode_record(from.bytes);
  if (!what)
    return broken_(rules::one_stream,
                   fmt::format("record {}: {}", from.sequence, what.error().what));
  auto& of = migrations_[what->migration];
  if (what->version != of.version + 1 || from.sequence != records_.size())
    broken_(rules::one_stream,
            fmt::format("{} comes after version {}", place_of(*what), of.version));
  fold(*what, of);
  check_decision(*what, of);
  of.now = evolve(std::move(of.now), what->event, what->at);
  of.version = what->version;
  of.phases.push_back(of.now.phase);
  check_told(*what, of);
}

/// A commit is whole, and is what its command comes to in the state that the log had reached.
void log_book::check_decision(const record& what, logged_migration& of) {
  if (what.command) {
    if (!of.decided.empty())
      broken_(rules::decided, place_of(what) + " comes before the last commit was whole");
    of.decided.clear();
    const auto decision = decide(of.now, *what.command);
    if (const auto* why = std::get_if<migration::rejection>(&decision))
      return broken_(rules::decided, place_of(what) + ": " + std::string{to_string(*why)});
    const auto& events = std::get<std::vector<migration::event>>(decision);
    for (const auto& each : make_records(what.migration, of.version, *what.command, events))
      of.decided.push_back(encode(each));
  }
  if (of.decided.empty() || of.decided.front() != records_.back())
    return broken_(rules::decided, place_of(what) + " is not what was to be decided");
  of.decided.erase(of.decided.begin());
  if (of.decided.empty())
    unfinished_.erase(what.migration);
  else
    unfinished_.insert(what.migration);
}

void log_book::fold(const record& what, logged_migration& of) {
  std::visit(overloaded{
                 [&](const migration::attempt_started& e) { on_start(what, e, of); },
                 [&](const migration::attempt_succeeded& e) {
                   on_end(what, e.step, e.epoch, of);
                   of.done.insert(e.step);
                 },
                 [&](const migration::attempt_failed& e) { on_end(what, e.step, e.epoch, of); },
                 [&](const migration::retry_scheduled& e) { of.due[e.step] = e.due; },
                 [&](const migration::held& e) {
                   of.done.erase(e.step);
                   begin_telling(of);
                 },
                 [&](const migration::parked&) { begin_telling(of); },
                 [&](const migration::quarantined&) { begin_telling(of); },
                 [&](const migration::owner_told& e) { on_told(what, e, of); },
                 [&](const migration::reminder_due&) { on_reminder(what, of); },
                 [&](const migration::approved& e) { of.done.insert(e.step); },
                 [&](const migration::retried& e) {
                   for (const auto& name : e.steps)
                     of.due.erase(name);
                 },
                 [&](const migration::cancelled&) {
                   for (const auto& [name, epoch] : std::exchange(of.running, {}))
                     of.attempts.at(epoch).ending = "cancelled";
                 },
                 [](const auto&) {},
             },
             what.event);
}

void log_book::on_start(const record& what, const migration::attempt_started& e,
                        logged_migration& of) {
  if (of.running.contains(e.step))
    broken_(rules::one_attempt, place_of(what) + " while another runs");
  if (!of.attempts.empty() && e.epoch <= of.attempts.rbegin()->first)
    broken_(rules::new_epoch, fmt::format("{} has epoch {} after {}", place_of(what), e.epoch,
                                          of.attempts.rbegin()->first));
  for (const auto& needed : plan_of(of.now, e.step).depends_on)
    if (!of.done.contains(needed))
      broken_(rules::dependencies,
              fmt::format("{} of {} before {}", place_of(what), e.step, needed));
  if (of.done.contains(e.step))
    broken_(rules::once_done, place_of(what) + " of " + e.step);
  if (of.now.phase != migration::phase::running)
    broken_(rules::not_at_rest, place_of(what) + " while " + std::string{to_string(of.now.phase)});
  if (of.now.is_paused)
    broken_(rules::not_at_rest, place_of(what) + " while paused");
  if (const auto due = of.due.find(e.step); due != of.due.end() && what.at < due->second)
    broken_(rules::not_early, place_of(what) + " of " + e.step);
  of.due.erase(e.step);
  of.attempts[e.epoch] = {e.step, e.attempt, e.worker, what.version, {}};
  of.running[e.step] = e.epoch;
  check_limits(what);
}

void log_book::on_end(const record& what, const std::string& step, uint64_t epoch,
                      logged_migration& of) {
  const auto running = of.running.find(step);
  if (running == of.running.end() || running->second != epoch)
    return broken_(rules::ended_once,
                   fmt::format("{} of {}, epoch {}", place_of(what), step, epoch));
  of.attempts.at(epoch).ending = name_of(what.event);
  of.running.erase(running);
}

void log_book::on_told(const record& what, const migration::owner_told& e, logged_migration& of) {
  if (of.now.told || !of.told_on.insert(e.channel).second)
    broken_(rules::told_on_all, place_of(what) + " once more on " + e.channel);
  of.remind_at = e.remind_at;
}

void log_book::check_told(const record& what, const logged_migration& of) {
  const auto* e = std::get_if<migration::owner_told>(&what.event);
  if (!e || e->channel.empty() || !of.now.told)
    return;
  for (const auto& channel : e->asked)
    if (!of.told_on.contains(channel))
      broken_(rules::told_on_all, place_of(what) + " before " + channel);
}

void log_book::on_reminder(const record& what, logged_migration& of) {
  const auto phase = of.now.phase;
  if (phase != migration::phase::held && phase != migration::phase::parked)
    broken_(rules::reminded_in_time,
            place_of(what) + " while " + std::string{to_string(of.now.phase)});
  if (!of.now.told || of.remind_at == migration::timestamp{} || what.at < of.remind_at)
    broken_(rules::reminded_in_time, place_of(what) + " before it is due");
  of.remind_at = {};
  of.told_on.clear();
}

/// Counts from nothing: what the pool counts must not be trusted here.
void log_book::check_limits(const record& what) {
  actors::usage all;
  for (const auto& [id, each] : migrations_)
    for (const auto& [name, epoch] : each.running)
      if (const auto& agent = plan_of(each.now, name).agent; !telling_.contains(agent))
        all.add({id, name, agent, {}, label_of(each.now, "owner"), label_of(each.now, "storage")});
  const auto over = [&](uint32_t limit, const std::string& of, uint32_t count) {
    if (limit != 0 && !of.empty() && count > limit)
      broken_(rules::limits,
              fmt::format("{}: {} run {}, allowed are {}", place_of(what), count, of, limit));
  };
  over(limits_.total, "in all", all.total);
  for (const auto& [name, limit] : limits_.per_agent)
    over(limit, name, all.by_agent[name]);
  for (const auto& [name, count] : all.by_owner)
    over(limits_.per_owner, name, count);
  for (const auto& [name, count] : all.by_storage)
    over(limits_.per_storage, name, count);
}

void log_book::check_recovery(const std::string& id) {
  const auto& of = migrations_.at(id);
  const auto got = actors::recover(log_, id);
  if (!got || got->version != of.version || got->now != of.now)
    broken_(rules::recovered,
            fmt::format("{}: {}", id,
                        got ? fmt::format("version {} of {}", got->version, of.version)
                            : got.error().what));
  const auto copy = decode_state(encode(of.now));
  if (!copy || *copy != of.now)
    broken_(rules::recovered, id + ": its state does not survive a snapshot");
}

} // namespace skein::simulation
