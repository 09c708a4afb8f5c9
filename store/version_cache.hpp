#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace skein::store {

/// Remembers the versions of the streams written last, at most `entries_max` of them. Two
/// generations: when the young one is full it becomes the old one, and the old one is forgotten.
/// That keeps every stream used in the last entries_max / 2 writes, without a list to maintain.
class version_cache {
public:
  explicit version_cache(size_t entries_max) : generation_max_{entries_max / 2 + 1} {}

  std::optional<uint64_t> find(const std::string& stream) const {
    for (auto* generation : {&young_, &old_})
      if (auto i = generation->find(stream); i != generation->end())
        return i->second;
    return std::nullopt;
  }

  void put(const std::string& stream, uint64_t version) {
    if (young_.size() >= generation_max_ && !young_.contains(stream)) {
      old_ = std::move(young_);
      young_.clear();
    }
    young_[stream] = version;
  }

  size_t size() const { return young_.size() + old_.size(); }

private:
  using versions = std::unordered_map<std::string, uint64_t>;

  size_t generation_max_;
  versions young_;
  versions old_;
};

} // namespace skein::store
