#pragma once

#include "store/view_store.hpp"

#include <map>
#include <optional>
#include <string>

namespace skein::console {

/// A view that is brought up to the log without a byte written to disk: what changes is kept in
/// memory, above a view that is only read. For one thread.
class view_overlay final : public store::view_store {
public:
  /// `below` must outlive it; null: an empty view.
  explicit view_overlay(const store::view_reader* below)
      : below_{below}, cursor_{below ? below->cursor() : 0} {}

  expected<std::optional<std::string>> get(std::string_view key) const override;
  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const store::row_visitor& visit) const override;
  uint64_t cursor() const override { return cursor_; }
  expected<void> commit(std::span<const store::view_change> changes, uint64_t cursor) override;

private:
  const store::view_reader* below_;
  std::map<std::string, std::optional<std::string>, std::less<>> above_; ///< nothing: erased
  uint64_t cursor_;
};

} // namespace skein::console
