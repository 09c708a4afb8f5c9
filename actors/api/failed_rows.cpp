#include "actors/api/failed_rows.hpp"

#include "actors/failed_changed.hpp"
#include "actors/list_row.hpp"

#include <algorithm>

namespace skein::actors {

struct failed_rows::copy {
  struct place {
    std::size_t at, key_size, row_size; ///< of the key in `bytes`, with the row behind it
  };

  std::optional<std::string> changed; ///< when the rows changed last, as the view said before
  std::string bytes;
  std::vector<place> places;

  std::string_view key(const place& x) const {
    return std::string_view{bytes}.substr(x.at, x.key_size);
  }
  std::string_view row(const place& x) const {
    return std::string_view{bytes}.substr(x.at + x.key_size, x.row_size);
  }

  void add(std::string_view key, std::string_view row) {
    places.push_back({bytes.size(), key.size(), row.size()});
    bytes.append(key).append(row);
  }
};

failed_rows::failed_rows(const store::view_reader& below, std::size_t most)
    : below_{below}, most_{most} {}

failed_rows::~failed_rows() = default;

/// The rows as they are now; null if they are too many to be kept.
expected<std::shared_ptr<const failed_rows::copy>> failed_rows::newest() const {
  // First when they changed, then the rows: what changes in between makes the copy look too old.
  auto changed = below_.get(failed_changed_key);
  if (!changed)
    return tl::unexpected{changed.error()};
  {
    const std::lock_guard lock{guard_};
    if (kept_ && kept_->changed == *changed)
      return kept_;
    if (to_pass_over_ > 0) {
      --to_pass_over_;
      return nullptr;
    }
  }
  auto made = std::make_shared<copy>();
  made->changed = *std::move(changed);
  bool fits = true;
  auto scanned = below_.scan(failed_key, "", store::no_limit,
                             [&](std::string_view key, std::string_view row) {
                               made->add(key, row);
                               return fits = made->bytes.size() <= most_;
                             });
  if (!scanned)
    return tl::unexpected{scanned.error()};
  const std::lock_guard lock{guard_};
  to_pass_over_ = fits ? 0 : passed_over_most;
  return kept_ = fits ? std::move(made) : nullptr;
}

expected<void> failed_rows::scan(std::string_view prefix, std::string_view after, uint64_t limit,
                                 const store::row_visitor& visit) const {
  if (!prefix.starts_with(failed_key))
    return below_.scan(prefix, after, limit, visit);
  const auto rows = newest();
  if (!rows)
    return tl::unexpected{rows.error()};
  if (!*rows)
    return below_.scan(prefix, after, limit, visit);
  const auto& all = **rows;
  const auto is_passed = [&](const copy::place& x) {
    const auto key = all.key(x);
    return key < prefix || (!after.empty() && key <= after);
  };
  auto next = std::partition_point(all.places.begin(), all.places.end(), is_passed);
  for (; limit > 0 && next != all.places.end() && all.key(*next).starts_with(prefix);
       ++next, --limit)
    if (!visit(all.key(*next), all.row(*next)))
      break;
  return {};
}

} // namespace skein::actors
