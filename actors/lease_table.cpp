#include "actors/lease_table.hpp"

#include <optional>
#include <set>

namespace skein::actors {

namespace {

/// How long the end that was given to an overdue attempt may take to be committed.
constexpr std::chrono::seconds commit_patience{5};

/// A worker ends what runs too long itself and says so; only when it does not is it done here.
constexpr std::chrono::seconds timeout_grace{10};

} // namespace

void lease_table::watch(const step_info& what, const migration::watch& lease,
                        migration::timestamp now) {
  auto& entry = leases_[key_of(what)];
  // The same attempt watched again (its migration woke up) keeps its deadline.
  if (entry.watch.epoch == lease.epoch)
    return;
  entry = {what, lease, now, now + lease.lease_ttl, false, {}};
}

void lease_table::unwatch(const step_key& which, uint64_t epoch) {
  const auto found = leases_.find(which);
  if (found != leases_.end() && found->second.watch.epoch == epoch)
    leases_.erase(found);
}

std::vector<uint32_t> lease_table::hear(const bus::heartbeat& from, migration::timestamp now) {
  std::vector<uint32_t> revoked;
  std::set<step_key> held;
  for (uint32_t i = 0; i < from.leases.size(); ++i) {
    const auto& claim = from.leases[i];
    const auto found = leases_.find({claim.migration, claim.step});
    if (found == leases_.end() || found->second.watch.epoch != claim.epoch
        || found->second.watch.worker != from.worker) {
      revoked.push_back(i);
      continue;
    }
    found->second.expires = now + found->second.watch.lease_ttl;
    held.insert(found->first);
  }
  for (auto& [key, lease] : leases_)
    if (lease.watch.worker == from.worker && !held.contains(key) && now >= lease.given + handover)
      lease.is_abandoned = true;
  return revoked;
}

std::vector<overdue_attempt> lease_table::overdue(migration::timestamp now) {
  std::vector<overdue_attempt> found;
  for (auto& [key, lease] : leases_) {
    const auto& worker = lease.watch.worker;
    if (lease.is_abandoned)
      found.push_back({lease.what, lease.watch, error_class::lost,
                       "worker " + worker + " no longer holds this lease"});
    else if (lease.expires <= now)
      found.push_back(
          {lease.what, lease.watch, error_class::lost, "worker " + worker + " went silent"});
    else if (lease.watch.deadline + timeout_grace <= now)
      found.push_back({lease.what, lease.watch, error_class::timeout,
                       "the attempt ran longer than its step allows"});
    else
      continue;
    lease.is_abandoned = false;
    lease.expires = now + commit_patience;
  }
  return found;
}

std::vector<overdue_attempt> lease_table::to_stop(migration::timestamp now) {
  std::vector<overdue_attempt> found;
  for (auto& [key, lease] : leases_) {
    if (lease.watch.worker == notifier_worker || now < lease.stop_again)
      continue;
    lease.stop_again = now + commit_patience;
    found.push_back({lease.what, lease.watch, error_class::lost, {}});
  }
  return found;
}

const step_info* lease_table::find(const step_key& which, uint64_t epoch) const {
  const auto found = leases_.find(which);
  const bool is_it = found != leases_.end() && found->second.watch.epoch == epoch
                     && found->second.watch.worker != notifier_worker;
  return is_it ? &found->second.what : nullptr;
}

usage lease_table::count(counted_by by) const {
  usage result{.by = by};
  for (const auto& [key, lease] : leases_)
    result.add(lease.what);
  return result;
}

std::vector<std::pair<std::string, uint32_t>> lease_table::by_worker() const {
  std::map<std::string, uint32_t> counts;
  for (const auto& [key, lease] : leases_)
    ++counts[lease.watch.worker];
  return {counts.begin(), counts.end()};
}

} // namespace skein::actors
