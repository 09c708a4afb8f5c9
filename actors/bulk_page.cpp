#include "actors/bulk_page.hpp"

#include "actors/api/list_scan.hpp"
#include "actors/api/migration_filter.hpp"
#include "actors/api/query_parameters.hpp"

namespace skein::actors {

namespace {

constexpr std::size_t previewed = 10;

expected<migration_filter> filter_of(const steering::filter& from, steering::timestamp now) {
  query_parameters given;
  for (const auto& [name, value] : from)
    given.emplace(name, value);
  if (auto known = check_known(given, migration_filter::parameters()); !known)
    return tl::unexpected{known.error()};
  return migration_filter::read(given, now);
}

} // namespace

expected<void> check_bulk_filter(const steering::filter& from, steering::timestamp now) {
  return filter_of(from, now).map([](const migration_filter&) {});
}

expected<bulk_page> read_bulk_page(const store::view_reader& view, const steering::filter& from,
                                   const std::string& after, std::size_t limit,
                                   steering::timestamp now) {
  const auto filter = filter_of(from, now);
  if (!filter)
    return tl::unexpected{filter.error()};
  bulk_page page;
  const auto take = [&](std::string_view id, const list_row&) {
    if (page.ids.size() == limit)
      return false;
    page.ids.emplace_back(id);
    return true;
  };
  auto seen = scan_list(view, rows_for(*filter), *filter, after, UINT64_MAX, take);
  if (!seen)
    return tl::unexpected{seen.error()};
  page.reached = std::move(seen->last);
  return page;
}

expected<bulk_preview> preview_bulk(const store::view_reader& view, const steering::filter& from,
                                    steering::timestamp now) {
  const auto filter = filter_of(from, now);
  if (!filter)
    return tl::unexpected{filter.error()};
  bulk_preview found;
  const auto count = [&](std::string_view id, const list_row&) {
    if (++found.count <= previewed)
      found.first.emplace_back(id);
    return true;
  };
  if (auto seen = scan_list(view, rows_for(*filter), *filter, "", UINT64_MAX, count); !seen)
    return tl::unexpected{seen.error()};
  return found;
}

} // namespace skein::actors
