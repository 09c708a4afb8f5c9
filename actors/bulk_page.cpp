#include "actors/bulk_page.hpp"

#include "actors/api/migration_filter.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/view_row.hpp"

#include <functional>

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

/// Visits the ids that the filter lets through until `visit` says no; `looked_at` hears of all.
expected<void> visit_wanted(const store::view_reader& view, const migration_filter& filter,
                            const std::string& after,
                            const std::function<bool(const std::string&)>& visit,
                            std::string& looked_at) {
  const auto from = after.empty() ? std::string{} : std::string{row_key} + after;
  auto seen = view.scan(row_key, from, store::no_limit,
                        [&](std::string_view key, std::string_view bytes) {
                          std::string id{key.substr(row_key.size())};
                          if (filter.wants(id, peek_phase(bytes)))
                            if (const auto row = decode_row(bytes); row && filter.wants(*row))
                              if (!visit(id))
                                return false;
                          looked_at = std::move(id);
                          return true;
                        });
  return seen ? expected<void>{} : tl::unexpected{seen.error()};
}

} // namespace

expected<bulk_page> read_bulk_page(const store::view_reader& view, const steering::filter& from,
                                   const std::string& after, std::size_t limit,
                                   steering::timestamp now) {
  const auto filter = filter_of(from, now);
  if (!filter)
    return tl::unexpected{filter.error()};
  bulk_page page{{}, after, true};
  const auto take = [&](const std::string& id) {
    page.is_last = page.ids.size() < limit;
    if (page.is_last)
      page.ids.push_back(id);
    return page.is_last;
  };
  if (auto seen = visit_wanted(view, *filter, after, take, page.reached); !seen)
    return tl::unexpected{seen.error()};
  return page;
}

expected<bulk_preview> preview_bulk(const store::view_reader& view, const steering::filter& from,
                                    steering::timestamp now) {
  const auto filter = filter_of(from, now);
  if (!filter)
    return tl::unexpected{filter.error()};
  bulk_preview found;
  std::string ignored;
  const auto count = [&](const std::string& id) {
    if (++found.count <= previewed)
      found.first.push_back(id);
    return true;
  };
  if (auto seen = visit_wanted(view, *filter, "", count, ignored); !seen)
    return tl::unexpected{seen.error()};
  return found;
}

} // namespace skein::actors
