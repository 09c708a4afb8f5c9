#include "actors/schedule_keeper.hpp"

#include <algorithm>
#include <optional>

namespace skein::actors {

namespace {

/// Looked at no less often than this, in case the clock is set.
constexpr std::chrono::hours look_every{1};

/// Of a schedule that was due more often than that while nobody looked, only the end counts.
constexpr int overdue_max = 5'000;

struct due_times {
  std::optional<config::utc_time> latest; ///< up to now
  config::utc_time next;
};

expected<due_times> times_of(const config::schedule& when, config::utc_time last,
                             config::utc_time now) {
  due_times result;
  for (int i = 0;; ++i) {
    const auto next = config::next_run(when.when, when.time_zone, i < overdue_max ? last : now);
    if (!next)
      return tl::unexpected{next.error()};
    result.next = *next;
    if (*next > now)
      return result;
    result.latest = last = *next;
  }
}

} // namespace

schedule_keeper::schedule_keeper(const std::vector<config::agent>& agents, const last_runs& last,
                                 config::utc_time now) {
  for (const auto& agent : agents) {
    if (!agent.schedule)
      continue;
    entries_[agent.name].when = *agent.schedule;
    const auto known = last.find(agent.name);
    // A last run in the future is of a clock that has been set back since.
    last_[agent.name] = known == last.end() ? now : std::min(known->second, now);
  }
}

schedule_keeper::plan schedule_keeper::look(config::utc_time now) {
  plan out;
  out.next = now + look_every;
  for (auto& [agent, about] : entries_) {
    const auto times = times_of(about.when, last_[agent], now);
    if (!times) {
      out.trouble.push_back("the schedule of agent " + agent + ": " + times.error().what);
      continue;
    }
    out.next = std::min(out.next, times->next);
    if (times->latest) {
      last_[agent] = *times->latest;
      decide(agent, about, now - *times->latest > late, out);
    } else if (about.is_queued && about.running == 0) {
      about.is_queued = false;
      ++about.running;
      out.start.push_back(agent);
    }
  }
  return out;
}

void schedule_keeper::decide(const std::string& agent, entry& about, bool is_missed, plan& out) {
  using overlap = config::overlap_policy;
  const auto is_free = about.running == 0 || about.when.overlap == overlap::allow;
  if (is_missed && about.when.missed == config::missed_policy::skip)
    return out.skipped.push_back(agent);
  if (is_free) {
    ++about.running;
    return out.start.push_back(agent);
  }
  if (about.when.overlap == overlap::queue)
    about.is_queued = true;
  else
    out.skipped.push_back(agent);
}

void schedule_keeper::started(const std::string& agent) {
  if (const auto found = entries_.find(agent); found != entries_.end())
    ++found->second.running;
}

void schedule_keeper::ended(const std::string& agent) {
  if (const auto found = entries_.find(agent); found != entries_.end() && found->second.running > 0)
    --found->second.running;
}

} // namespace skein::actors
