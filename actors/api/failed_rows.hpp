#pragma once

#include "store/view_store.hpp"

#include <memory>
#include <mutex>

namespace skein::actors {

/// A view whose rows of failed migrations (list_row.hpp) are kept in memory between two scans of
/// them, for as long as none of them changes: consoles ask for them again and again, and each
/// answer looks at all there are. Everything else is the view's below. For any number of threads.
class failed_rows final : public store::view_reader {
public:
  /// More bytes than that are not kept, and for so many scans it is not tried again then.
  static constexpr std::size_t kept_most = 8 << 20;
  static constexpr unsigned passed_over_most = 100;

  /// `below` must outlive it.
  explicit failed_rows(const store::view_reader& below, std::size_t most = kept_most);
  ~failed_rows() override;

  expected<std::optional<std::string>> get(std::string_view key) const override {
    return below_.get(key);
  }
  expected<std::vector<std::optional<std::string>>>
  get_all(std::span<const std::string> keys) const override {
    return below_.get_all(keys);
  }
  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const store::row_visitor& visit) const override;
  uint64_t cursor() const override { return below_.cursor(); }

private:
  struct copy;

  expected<std::shared_ptr<const copy>> newest() const;

  const store::view_reader& below_;
  const std::size_t most_;
  mutable std::mutex guard_;
  mutable std::shared_ptr<const copy> kept_; ///< null: none
  mutable unsigned to_pass_over_ = 0;
};

} // namespace skein::actors
