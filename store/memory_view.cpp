#include "store/memory_view.hpp"

#include <vector>

namespace skein::store {

expected<std::optional<std::string>> memory_view::get(std::string_view key) const {
  std::lock_guard lock{mutex_};
  auto found = rows_.find(key);
  return found == rows_.end() ? std::nullopt : std::optional{found->second};
}

expected<void> memory_view::scan(std::string_view prefix, std::string_view after, uint64_t limit,
                                 const row_visitor& visit) const {
  std::vector<std::pair<std::string, std::string>> found; // the visitor may come back to this view
  {
    std::lock_guard lock{mutex_};
    auto i = after < prefix || after.empty() ? rows_.lower_bound(prefix) : rows_.upper_bound(after);
    for (; i != rows_.end() && i->first.starts_with(prefix) && found.size() < limit; ++i)
      found.push_back(*i);
  }
  for (auto& [key, row] : found)
    if (!visit(key, row))
      break;
  return {};
}

uint64_t memory_view::cursor() const {
  std::lock_guard lock{mutex_};
  return cursor_;
}

expected<void> memory_view::commit(std::span<const view_change> changes, uint64_t cursor) {
  std::lock_guard lock{mutex_};
  for (auto& change : changes)
    if (change.row)
      rows_.insert_or_assign(change.key, *change.row);
    else
      rows_.erase(change.key);
  cursor_ = cursor;
  return {};
}

} // namespace skein::store
