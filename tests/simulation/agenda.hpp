#pragma once

#include "events/migration.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace skein::simulation {

/// What is to happen when virtual time comes to it; of one moment, in the order of asking.
class agenda {
public:
  void at(migration::timestamp when, std::function<void()> what) {
    entries_.emplace(std::pair{when, count_++}, std::move(what));
  }

  std::optional<migration::timestamp> next() const {
    return entries_.empty() ? std::nullopt : std::optional{entries_.begin()->first.first};
  }

  /// Also does what becomes due on the way.
  void run_until(migration::timestamp now) {
    while (!entries_.empty() && entries_.begin()->first.first <= now) {
      const auto what = std::move(entries_.begin()->second);
      entries_.erase(entries_.begin());
      what();
    }
  }

private:
  uint64_t count_ = 0;
  std::map<std::pair<migration::timestamp, uint64_t>, std::function<void()>> entries_;
};

} // namespace skein::simulation
