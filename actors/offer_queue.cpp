#include "actors/offer_queue.hpp"

namespace skein::actors {

namespace {

bool below(uint32_t limit, const std::map<std::string, uint32_t>& counts, const std::string& key) {
  if (limit == 0 || key.empty())
    return true;
  const auto found = counts.find(key);
  return found == counts.end() || found->second < limit;
}

} // namespace

void usage::add(const step_info& what) {
  ++total;
  if (by.agent)
    ++by_agent[what.agent];
  if (by.owner)
    ++by_owner[what.owner];
  if (by.storage)
    ++by_storage[what.storage];
  if (by.target)
    ++by_target[target_of(what)];
}

counted_by dispatch_limits::needs() const {
  return {!per_agent.empty(), per_owner != 0, per_storage != 0, !tripped.half_open.empty()};
}

dispatch_limits dispatch_limits::under(const steering::state& fleet,
                                       migration::timestamp now) const {
  auto result = *this;
  for (const auto& [name, value] : fleet.limits)
    if (name == "running")
      result.total = value;
    else if (name == "per_owner")
      result.per_owner = value;
    else if (name == "per_storage")
      result.per_storage = value;
    else if (const auto agent = steering::limited_agent(name); !agent.empty())
      result.per_agent[std::string{agent}] = value;
  for (const auto& [what, name] : fleet.paused)
    if (what == steering::scope::owner)
      result.paused_owners.insert(name);
    else if (what == steering::scope::storage)
      result.paused_storages.insert(name);
  result.total = ramped(fleet, result.total, now);
  return result;
}

bool dispatch_limits::allow(const usage& running, const step_info& what) const {
  if (paused_owners.contains(what.owner) || paused_storages.contains(what.storage))
    return false;
  const auto target = target_of(what);
  if (tripped.open.contains(target)
      || (tripped.half_open.contains(target) && running.by_target.contains(target)))
    return false;
  const auto agent = per_agent.find(what.agent);
  return (total == 0 || running.total < total) && below(per_owner, running.by_owner, what.owner)
         && below(per_storage, running.by_storage, what.storage)
         && below(agent == per_agent.end() ? 0 : agent->second, running.by_agent, what.agent);
}

void offer_queue::offer(const step_info& what, migration::timestamp not_before) {
  const auto key = key_of(what);
  auto [at, is_new] = entries_.try_emplace(key, waiting_offer{what, 0});
  if (is_new)
    at->second.number = next_number_++;
  due_.erase(at->second.place());
  at->second.what = what;
  if (const auto old = later_times_.find(key); old != later_times_.end())
    later_.erase({old->second, key});
  later_times_[key] = not_before;
  later_.emplace(not_before, key);
}

void offer_queue::promote(migration::timestamp now) {
  while (!later_.empty() && later_.begin()->first <= now) {
    const auto key = later_.begin()->second;
    later_.erase(later_.begin());
    later_times_.erase(key);
    due_.emplace(entries_.at(key).place(), key);
  }
}

std::vector<step_info> offer_queue::take(std::size_t count, migration::timestamp now,
                                         const dispatch_limits& limits, usage& running) {
  promote(now);
  std::vector<step_info> taken;
  for (auto at = due_.begin(); at != due_.end() && taken.size() < count;) {
    if (limits.total != 0 && running.total >= limits.total)
      break;
    const auto entry = entries_.find(at->second);
    if (!limits.allow(running, entry->second.what)) {
      ++at;
      continue;
    }
    running.add(entry->second.what);
    taken.push_back(std::move(entry->second.what));
    entries_.erase(entry);
    at = due_.erase(at);
  }
  return taken;
}

bool offer_queue::any_due(migration::timestamp now) const {
  return !due_.empty() || (!later_.empty() && later_.begin()->first <= now);
}

} // namespace skein::actors
