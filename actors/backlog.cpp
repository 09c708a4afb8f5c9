#include "actors/backlog.hpp"

#include "actors/perform.hpp"
#include "actors/view_row.hpp"

namespace skein::actors {

expected<std::vector<waiting_migration>> read_backlog(const store::view_reader& view,
                                                      const std::string& place, std::size_t limit) {
  std::vector<waiting_migration> found;
  auto seen = view.scan(wait_key, place, limit, [&](std::string_view key, std::string_view) {
    found.push_back({id_in_wait_key(key), std::string{key}});
    return true;
  });
  if (!seen)
    return tl::unexpected{seen.error()};
  return found;
}

expected<std::vector<watched>> running_attempts(const store::view_reader& view) {
  std::vector<watched> found;
  failure why;
  bool is_whole = true;
  auto seen = view.scan(busy_key, {}, store::no_limit, [&](std::string_view key, std::string_view) {
    const std::string id{key.substr(busy_key.size())};
    const auto bytes = view.get(std::string{row_key} + id);
    is_whole = bytes.has_value();
    if (!bytes)
      why = bytes.error();
    // A row that cannot be decoded is made again by the projection.
    else if (const auto row = *bytes ? decode_row(**bytes) : expected<view_row>{view_row{}}; row)
      for (auto& each : running_attempts(id, row->state))
        found.push_back(std::move(each));
    return is_whole;
  });
  if (!seen)
    return tl::unexpected{seen.error()};
  if (!is_whole)
    return tl::unexpected{why};
  return found;
}

} // namespace skein::actors
