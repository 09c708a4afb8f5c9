#include "tools/skein/view_overlay.hpp"

#include <algorithm>
#include <cstdint>

namespace skein::console {

expected<std::optional<std::string>> view_overlay::get(std::string_view key) const {
  if (const auto found = above_.find(key); found != above_.end())
    return found->second;
  if (below_)
    return below_->get(key);
  return std::nullopt;
}

/// Both are in key order: what lies above is put in where it belongs, and hides what has its key.
expected<void> view_overlay::scan(std::string_view prefix, std::string_view after, uint64_t limit,
                                  const store::row_visitor& visit) const {
  const auto is_wanted = [&](const std::string& key) {
    return key.starts_with(prefix) && (after.empty() || key > after);
  };
  auto next = above_.lower_bound(std::max(prefix, after));
  bool goes_on = limit > 0;
  const auto show = [&](std::string_view key, std::string_view value) {
    goes_on = visit(key, value) && --limit > 0;
  };
  const auto show_above_until = [&](const std::string_view* end) {
    for (; goes_on && next != above_.end() && (!end || next->first < *end); ++next)
      if (next->second && is_wanted(next->first))
        show(next->first, *next->second);
  };
  if (below_) {
    auto scanned = below_->scan(prefix, after, UINT64_MAX,
                                [&](std::string_view key, std::string_view value) {
                                  show_above_until(&key);
                                  if (goes_on && !above_.contains(key))
                                    show(key, value);
                                  return goes_on;
                                });
    if (!scanned)
      return scanned;
  }
  show_above_until(nullptr);
  return {};
}

expected<void> view_overlay::commit(std::span<const store::view_change> changes, uint64_t cursor) {
  for (const auto& change : changes)
    above_[change.key] = change.row;
  cursor_ = cursor;
  return {};
}

} // namespace skein::console
