#pragma once

#include "actors/offer_queue.hpp"
#include "actors/step_info.hpp"
#include "events/bus.hpp"
#include "events/migration.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace skein::actors {

/// An attempt that must be ended from here, since its worker will not.
struct overdue_attempt {
  step_info what;
  migration::watch lease;
  error_class kind; ///< lost, or timeout
  std::string why;
};

/// The leases that live: each the permission of one worker to run one attempt, with an epoch and
/// a deadline that its heartbeats push on. A shadow of the log: what is running is in the
/// migrations' states, and after a restart every lease is watched again for a whole `lease_ttl`.
class lease_table {
public:
  /// How long a worker may not yet know of a lease that it was just given.
  static constexpr std::chrono::seconds handover{5};

  void watch(const step_info& what, const migration::watch& lease, migration::timestamp now);

  /// The attempt of that epoch is over.
  void unwatch(const step_key& which, uint64_t epoch);

  /// Renews what the worker holds; answers the indexes of what it should not be holding, as
  /// nobody gave it that lease or it has ended. Leases of the worker that it does not mention it
  /// has lost (it was restarted, or the answer that gave them never arrived): they fall due now.
  std::vector<uint32_t> hear(const bus::heartbeat& from, migration::timestamp now);

  /// Attempts past their deadline. Each is answered again only after a while, since the end it is
  /// given must first be committed.
  std::vector<overdue_attempt> overdue(migration::timestamp now);

  /// All attempts that a worker of the fleet makes; each again only after a while, as above.
  std::vector<overdue_attempt> to_stop(migration::timestamp now);

  /// The attempt of that epoch, if a worker of the fleet makes it.
  const step_info* find(const step_key& which, uint64_t epoch) const;

  usage count(counted_by = {}) const;
  bool holds(const step_key& which) const { return leases_.contains(which); }
  std::size_t size() const { return leases_.size(); }
  std::vector<std::pair<std::string, uint32_t>> by_worker() const;

private:
  struct kept_lease {
    step_info what;
    migration::watch watch;
    migration::timestamp given;
    migration::timestamp expires;
    bool is_abandoned = false;         ///< its worker no longer mentions it
    migration::timestamp stop_again{}; ///< not before; if it is to be stopped
  };

  std::map<step_key, kept_lease> leases_;
};

} // namespace skein::actors
