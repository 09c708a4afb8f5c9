#pragma once

#include <cstddef>
#include <deque>
#include <set>
#include <string>

namespace skein::actors {

/// The newest keys that were added, up to a bound: enough to recognise repeats that come soon.
class recent_set {
public:
  explicit recent_set(std::size_t most) : most_{most} {}

  bool contains(const std::string& key) const { return keys_.contains(key); }

  void add(const std::string& key) {
    if (!keys_.insert(key).second)
      return;
    order_.push_back(key);
    if (order_.size() > most_) {
      keys_.erase(order_.front());
      order_.pop_front();
    }
  }

private:
  std::size_t most_;
  std::set<std::string> keys_;
  std::deque<std::string> order_;
};

} // namespace skein::actors
