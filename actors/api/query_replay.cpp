#include "actors/api/query_log.hpp"

#include "actors/api/migration_json.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/api/replay.hpp"
#include "events/status.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace skein::actors {

namespace {

using nlohmann::json;

expected<replay_end> read_replay_end(const query_parameters& given, migration::timestamp now) {
  if (auto known = check_known(given, {"at", "version"}); !known)
    return tl::unexpected{known.error()};
  auto at = moment_parameter(given, "at", now);
  auto version = number_parameter(given, "version", UINT64_MAX);
  if (!at || !version)
    return tl::unexpected{at ? version.error() : at.error()};
  return replay_end{*at, UINT64_MAX, *version};
}

/// Whether the view, at that same event, says the same. Null when it is at another.
json agreement(const store::view_reader& view, const std::string& id, const view_row& row) {
  const auto bytes = view.get(std::string{row_key} + id);
  if (!bytes || !*bytes)
    return nullptr;
  const auto seen = decode_row(**bytes);
  return seen && seen->version == row.version ? json(*seen == row) : json{};
}

} // namespace

query_response replay_of(const store::log_reader& log, const store::view_reader& view,
                         const std::string& id, const query_parameters& query,
                         migration::timestamp now) {
  const auto want = read_replay_end(query, now);
  if (!want)
    return problem(400, want.error().what);
  const auto result = replay(log, id, *want);
  if (!result)
    return problem(500, result.error().what);
  if (result->first_sequence == 0)
    return no_such_migration(id);
  if (result->row.version == 0)
    return problem(404, "migration '" + id + "' did not exist then: its first event is sequence "
                            + std::to_string(result->first_sequence) + " at "
                            + rfc3339(result->first));
  auto body = full_json(id, result->row);
  body["replayed"] = {{"events", result->row.version},
                      {"up_to", rfc3339(result->at)},
                      {"digest", state_digest(id, result->row)},
                      {"agrees_with_view", agreement(view, id, result->row)}};
  return json_response(body);
}

} // namespace skein::actors
