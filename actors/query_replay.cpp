#include "actors/query_log.hpp"

#include "actors/migration_json.hpp"
#include "actors/point_in_time.hpp"
#include "actors/query_parameters.hpp"
#include "actors/view_row.hpp"
#include "events/overloaded.hpp"
#include "events/status.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace skein::actors {

namespace {

using nlohmann::json;

struct replay_request {
  std::optional<point_in_time> at;
  uint64_t version = UINT64_MAX;
};

expected<replay_request> read_replay_request(const query_parameters& given,
                                             migration::timestamp now) {
  if (auto known = check_known(given, {"at", "version"}); !known)
    return tl::unexpected{known.error()};
  auto version = number_parameter(given, "version", UINT64_MAX);
  if (!version)
    return tl::unexpected{version.error()};
  replay_request want{std::nullopt, *version};
  if (const auto text = text_parameter(given, "at"); !text.empty()) {
    auto at = parse_point_in_time(text, now);
    if (!at)
      return tl::unexpected{at.error()};
    want.at = *at;
  }
  return want;
}

bool is_within(const point_in_time& end, uint64_t sequence, migration::timestamp at) {
  return std::visit(overloaded{[&](uint64_t last) { return sequence <= last; },
                               [&](migration::timestamp last) { return at <= last; }},
                    end);
}

struct replayed {
  view_row row;
  migration::timestamp at{};    ///< of the newest event folded in
  migration::timestamp first{}; ///< of the migration's first event
  uint64_t first_sequence = 0;
};

expected<replayed> replay(const store::log_reader& log, const std::string& id,
                          const replay_request& want) {
  replayed result;
  auto& row = result.row;
  auto end = log.read_stream(id, 1, [&](uint64_t version, const store::stored& from) {
    const auto what = decode_record(from.bytes);
    if (version == 1) {
      result.first = what ? what->at : migration::timestamp{};
      result.first_sequence = from.sequence;
    }
    const auto at = what ? what->at : result.at;
    if (version > want.version || (want.at && !is_within(*want.at, from.sequence, at)))
      return false;
    if (what)
      row = project(std::move(row), from.sequence, *what);
    else
      row = {version, from.sequence, std::move(row.state), what.error().what};
    result.at = at;
    return true;
  });
  if (!end)
    return tl::unexpected{end.error()};
  return result;
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
  const auto want = read_replay_request(query, now);
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
                      {"agrees_with_view", agreement(view, id, result->row)}};
  return json_response(body);
}

} // namespace skein::actors
