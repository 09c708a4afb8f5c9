#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace skein::store {

/// Remembers the versions of the streams written last. Two generations: when the young one is full
/// it becomes the old one, and the old one is forgotten. That keeps every stream used in the last
/// entries_max / 2 writes, without a list to maintain.
class version_cache {
public:
  explicit version_cache(size_t entries_max) : generation_max_{entries_max / 2 + 1} {}

  std::optional<uint64_t> find(const std::string& stream) const {
    for (auto* generation : {&young_, &old_})
      if (auto i = generation->find(stream); i != generation->end())
        return i->second;
    return std::nullopt;
  }

  /// Forgets nothing: what a batch has staged is not on disk yet, so it must be found here.
  void put(const std::string& stream, uint64_t version) { young_[stream] = version; }

  /// To be called between batches: goes back to about entries_max.
  void trim() {
    if (young_.size() < generation_max_)
      return;
    old_ = std::move(young_);
    young_.clear();
  }

  size_t size() const { return young_.size() + old_.size(); }

private:
  using versions = std::unordered_map<std::string, uint64_t>;

  size_t generation_max_;
  versions young_;
  versions old_;
};

} // namespace skein::store
