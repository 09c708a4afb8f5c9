#pragma once

#include "store/view_store.hpp"

#include <map>
#include <mutex>

namespace skein::store {

/// The view store without a disk: same answers, gone with the process.
class memory_view final : public view_store {
public:
  expected<std::optional<std::string>> get(std::string_view key) const override;
  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const row_visitor& visit) const override;
  uint64_t cursor() const override;
  expected<void> commit(std::span<const view_change>, uint64_t cursor) override;

private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string, std::less<>> rows_;
  uint64_t cursor_ = 0;
};

} // namespace skein::store
