#include "events/migration.hpp"

#include <algorithm>

namespace skein::migration {

namespace {

/// A time-out longer than this is none; added to a time as it stands it could overflow.
constexpr std::chrono::milliseconds longest_timeout = std::chrono::days{3660};

/// `open`: new attempts may start.
void owed_by_step(const state& now, std::size_t at, bool open, std::vector<effect>& result) {
  const auto& plan = now.flow.steps[at];
  const auto& step = now.steps[at];
  switch (step.status) {
    case step_status::ready:
      if (open)
        result.push_back(offer{plan.name, timestamp{}, now.priority});
      break;
    case step_status::retrying:
      if (open)
        result.push_back(offer{plan.name, step.due, now.priority});
      break;
    case step_status::running:
      result.push_back(watch{plan.name, step.attempts, step.epoch, step.worker, step.lease_ttl,
                             step.started + std::min(plan.timeout, longest_timeout)});
      break;
    case step_status::waiting:
    case step_status::succeeded:
    case step_status::skipped:
    case step_status::held:
    case step_status::parked: break;
  }
}

} // namespace

std::vector<effect> owed(const state& now) {
  std::vector<effect> result;
  if (now.phase == phase::blank || now.phase == phase::cancelled)
    return result;
  // A migration that rests or is paused starts nothing new, but what already runs is still watched.
  const auto open = now.phase == phase::running && !now.is_paused;
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    owed_by_step(now, i, open, result);
  if (!now.told)
    result.push_back(tell{now.telling.number});
  return result;
}

std::vector<effect> newly_owed(const state& before, const state& after) {
  return difference(owed(after), owed(before));
}

std::vector<effect> difference(std::vector<effect> these, const std::vector<effect>& those) {
  std::erase_if(these, [&](const effect& x) {
    return std::find(those.begin(), those.end(), x) != those.end();
  });
  return these;
}

} // namespace skein::migration
