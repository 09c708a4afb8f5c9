#pragma once

#include "actors/view_row.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace skein::actors {

/// Rows that were kept lately, in two generations: when the young one is full it becomes the old
/// one, and what nobody took meanwhile is forgotten with the old one before it.
class recent_rows {
public:
  /// `most`: of one generation.
  explicit recent_rows(std::size_t most) : most_{most} {}

  std::optional<view_row> take(const std::string& id) {
    for (auto* rows : {&young_, &old_})
      if (auto found = rows->extract(id))
        return std::move(found.mapped());
    return std::nullopt;
  }

  void keep(const std::string& id, view_row&& row) {
    if (young_.size() >= most_)
      old_ = std::exchange(young_, {});
    young_.insert_or_assign(id, std::move(row));
  }

  void clear() {
    young_.clear();
    old_.clear();
  }

private:
  using rows = std::unordered_map<std::string, view_row>;

  std::size_t most_;
  rows young_, old_;
};

} // namespace skein::actors
