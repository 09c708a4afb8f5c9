#pragma once

#include "actors/breaker.hpp"
#include "config/workspace.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace skein::actors {

/// When most of what is tried fails in a way that would pass by itself (the storage is away, or
/// too slow), trying more only uses up the attempts of migrations that had better wait. So a
/// breaker opens: nothing starts. After a while it is half open: one attempt at a time starts, and
/// the first that ends decides; a failure opens it again, for twice as long.
///
/// The pattern and its words are from M. Nygard, "Release It!"; that the newest outcomes are
/// counted rather than a span of time, from Resilience4j (resilience4j.readme.io).
class circuit_breaker {
public:
  using timestamp = migration::timestamp;

  explicit circuit_breaker(const config::breakers& how) : how_{how} {}

  /// An attempt has ended. Whether that opened or closed the breaker. What was started before it
  /// opened and ends meanwhile changes nothing.
  bool hear(bool has_failed, timestamp now);

  breaker_status status(timestamp now) const;
  timestamp half_open_at() const { return half_open_at_; } ///< if it is not closed

  uint32_t failures() const; ///< among outcomes()
  uint32_t outcomes() const { return static_cast<uint32_t>(newest_.size()); }

private:
  void open(timestamp now);

  config::breakers how_;
  std::vector<bool> newest_; ///< which have failed; a ring once it is full
  std::size_t oldest_ = 0;
  bool is_closed_ = true;
  timestamp half_open_at_{};
  std::chrono::seconds wait_{0};
};

/// The breakers of a pool: one for each agent and storage system whose attempts have ended. What
/// they know is experience and not truth: it is not in the log, and a restart closes all of them.
class breaker_board {
public:
  explicit breaker_board(const config::breakers& how = {}) : how_{how} {}

  /// An attempt has ended, as its worker reports. Only what a worker called transient or a timeout
  /// counts as a failure: bad data says that the storage answers, and a lost worker or too little
  /// memory say nothing of it.
  void hear(const breaker_target&, const migration::finish_attempt&, migration::timestamp now);

  tripped_breakers tripped(migration::timestamp now) const;

  std::vector<breaker_line> lines(migration::timestamp now) const;

private:
  struct kept_breaker {
    circuit_breaker breaker;
    std::string why; ///< of the last failure
  };

  config::breakers how_;
  std::map<breaker_target, kept_breaker> all_;
};

} // namespace skein::actors
