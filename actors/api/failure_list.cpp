#include "actors/api/failure_list.hpp"

#include "actors/api/list_scan.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/failure_group.hpp"
#include "events/status.hpp"
#include "store/text_hash.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

/// How many owners of one group are named.
constexpr std::size_t owners_most = 20;

struct failure_group {
  uint64_t count = 0;
  json example; ///< the first of them by id, as a list has it
  migration::timestamp first = migration::timestamp::max(), last = migration::timestamp::min();
  store::by_text<uint64_t> owners; ///< one is sought for each failure

  void add(const list_row& row) {
    ++count;
    first = std::min(first, row.changed_at);
    last = std::max(last, row.changed_at);
    const auto owner = row.label("owner");
    const auto found = owners.find(owner);
    ++(found == owners.end() ? owners.emplace(owner, 0).first : found)->second;
  }
};

using failure_groups = std::map<std::string, failure_group, std::less<>>;

expected<failure_groups> groups_of(const store::view_reader& view, const migration_filter& filter) {
  failure_groups all;
  const auto end = scan_list(view, list_rows::failed, filter, "", store::no_limit,
                             [&](std::string_view id, const list_row& row) {
                               if (row.failure_group.empty()) // a damaged row
                                 return true;
                               auto found = all.find(row.failure_group);
                               if (found == all.end()) {
                                 found = all.emplace(row.failure_group, failure_group{}).first;
                                 found->second.example = line_of(view, id, row);
                               }
                               found->second.add(row);
                               return true;
                             });
  if (!end)
    return tl::unexpected{end.error()};
  return all;
}

json owners_json(const failure_group& of) {
  std::vector<std::pair<std::string, uint64_t>> owners{of.owners.begin(), of.owners.end()};
  std::sort(owners.begin(), owners.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  owners.resize(std::min(owners.size(), owners_most));
  json result = json::array();
  for (const auto& [owner, count] : owners)
    result.push_back({{"owner", owner.empty() ? json{} : json(owner)}, {"count", count}});
  return result;
}

json group_json(const std::string& id, const failure_group& of) {
  const auto& why = of.example["why"];
  const auto dataset = of.example["dataset"].get<std::string>();
  return {{"id", id},
          {"phase", of.example["phase"]},
          {"step", of.example["step"]},
          {"reason", why.is_string() ? normalised_reason(why.get<std::string>(), dataset) : ""},
          {"count", of.count},
          {"example", of.example["id"]},
          {"why", why},
          {"first", rfc3339(of.first)},
          {"last", rfc3339(of.last)},
          {"owners", owners_json(of)}};
}

} // namespace

query_response list_failures(const store::view_reader& view, const query_parameters& query,
                             migration::timestamp now) {
  auto names = migration_filter::parameters();
  names.emplace_back("limit");
  const auto known = check_known(query, names);
  const auto filter = migration_filter::read(query, now);
  const auto limit = limit_parameter(query);
  if (!known || !filter || !limit)
    return problem(400, (!known ? known.error() : !filter ? filter.error() : limit.error()).what);
  if (*limit == 0)
    return problem(400, "parameter 'limit' must be at least 1");
  const auto all = groups_of(view, *filter);
  if (!all)
    return problem(500, all.error().what);
  std::vector<failure_groups::const_iterator> order;
  uint64_t sum = 0;
  for (auto at = all->begin(); at != all->end(); ++at) {
    order.push_back(at);
    sum += at->second.count;
  }
  std::stable_sort(order.begin(), order.end(),
                   [](auto a, auto b) { return a->second.count > b->second.count; });
  json groups = json::array();
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), *limit); ++i)
    groups.push_back(group_json(order[i]->first, order[i]->second));
  return json_response(
      {{"migrations", sum}, {"groups", all->size()}, {"failures", std::move(groups)}});
}

} // namespace skein::actors
