#pragma once

#include "actors/step_info.hpp"
#include "events/migration.hpp"
#include "events/steering.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace skein::actors {

/// By what attempts are counted, beside their number.
struct counted_by {
  bool agent = true, owner = true, storage = true, target = true;
};

/// How many attempts run, by everything that is limited. Always counted from the leases, never
/// kept beside them.
struct usage {
  counted_by by; ///< what is not limited is not counted either: there may be thousands of leases
  uint32_t total = 0;
  std::map<std::string, uint32_t> by_agent, by_owner, by_storage;
  std::map<breaker_target, uint32_t> by_target;

  void add(const step_info& what);
};

/// How many may run; zero: no limit.
struct dispatch_limits {
  uint32_t total = 0;
  uint32_t per_owner = 0;
  uint32_t per_storage = 0;
  std::map<std::string, uint32_t> per_agent;
  std::set<std::string> paused_owners, paused_storages; ///< nothing of theirs may start
  tripped_breakers tripped;

  /// These limits as an operator has changed them, at that time.
  dispatch_limits under(const steering::state&, migration::timestamp now) const;

  /// What has to be known of those that run.
  counted_by needs() const;

  /// Whether one more such step may run beside those, counted by what is needed. An unknown owner
  /// or storage is not limited.
  bool allow(const usage& running, const step_info& what) const;
};

/// The steps that wait for a worker: those of the highest priority first, and among equals first
/// come first served, except that a step whose owner, storage or agent is at its limit lets the
/// next one pass. What waits is only a shadow of the log: after a restart every migration offers
/// again what it owes.
class offer_queue {
public:
  /// The same step offered again keeps its place; the newer time and priority count.
  void offer(const step_info& what, migration::timestamp not_before);

  /// Takes out up to `count` steps that are due and that the limits allow beside `running`, which
  /// grows by what is taken.
  std::vector<step_info> take(std::size_t count, migration::timestamp now,
                              const dispatch_limits& limits, usage& running);

  std::size_t size() const { return entries_.size(); }

  /// Whether anything is due by then.
  bool any_due(migration::timestamp now) const;

private:
  /// The lower, the sooner: minus the priority, then the number of the offer.
  using place = std::pair<int32_t, uint64_t>;

  struct waiting_offer {
    step_info what;
    uint64_t number;

    offer_queue::place place() const { return {-what.priority, number}; }
  };

  void promote(migration::timestamp now);

  uint64_t next_number_ = 0;
  std::map<step_key, waiting_offer> entries_;
  std::map<place, step_key> due_;
  std::set<std::pair<migration::timestamp, step_key>> later_; // by time
  std::map<step_key, migration::timestamp> later_times_;
};

} // namespace skein::actors
