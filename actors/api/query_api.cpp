#include "actors/api/query_api.hpp"

#include "actors/api/migration_json.hpp"
#include "actors/api/query_log.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/view_row.hpp"
#include "store/keys.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::string_view migrations = "/v1/migrations/";
constexpr uint64_t list_default = 100;
constexpr uint64_t list_most = 1000;
/// How many rows one call looks at while its filters let few through: others wait meanwhile.
constexpr uint64_t looked_at_most = 50'000;

constexpr std::array phases{"running",     "completed", "held",      "parked",
                            "quarantined", "cancelled", "unreadable"};
constexpr std::array tails{"events", "replay", "retry", "approve", "cancel"};

struct list_request {
  std::string phase, owner, dataset, scan;
  uint64_t limit = list_default;
  std::string after;
};

expected<list_request> read_list_request(const query_parameters& given) {
  if (auto known = check_known(given, {"phase", "owner", "dataset", "scan", "limit", "after"});
      !known)
    return tl::unexpected{known.error()};
  auto limit = number_parameter(given, "limit", list_default, list_most);
  if (!limit)
    return tl::unexpected{limit.error()};
  if (*limit == 0)
    return fail("parameter 'limit' must be at least 1");
  list_request want{text_parameter(given, "phase"),
                    text_parameter(given, "owner"),
                    text_parameter(given, "dataset"),
                    text_parameter(given, "scan"),
                    *limit,
                    text_parameter(given, "after")};
  if (want.phase.empty() || std::find(phases.begin(), phases.end(), want.phase) != phases.end())
    return want;
  return fail("there is no phase '" + want.phase
              + "'; phases are running, completed, held, parked, quarantined, cancelled and "
                "unreadable");
}

/// The row, if the list is to have it. What can be told without decoding is looked at first.
std::optional<view_row> wanted_row(const list_request& want, const std::string& id,
                                   std::string_view bytes) {
  if (!want.phase.empty() && peek_phase(bytes) != want.phase)
    return std::nullopt;
  if (!matches(want.dataset, dataset_of(id)))
    return std::nullopt;
  auto row = decode_row(bytes);
  if (!row)
    return view_row{0, 0, {}, row.error().what};
  if (!want.scan.empty() && row->state.scan != want.scan)
    return std::nullopt;
  const auto owner = row->state.labels.find("owner");
  if (!want.owner.empty() && (owner == row->state.labels.end() || owner->second != want.owner))
    return std::nullopt;
  return *std::move(row);
}

uint64_t count_of(const store::view_reader& view, std::string_view phase) {
  const auto found = view.get(std::string{count_key} + std::string{phase});
  return found && *found ? store::keys::whole_be64(**found).value_or(0) : 0;
}

} // namespace

migration_path split_migration_path(const std::string& rest) {
  const auto slash = rest.rfind('/');
  if (slash != rest.npos && rest.find('@') < slash)
    for (const auto* tail : tails)
      if (rest.compare(slash + 1, rest.npos, tail) == 0)
        return {rest.substr(0, slash), tail};
  return {rest, ""};
}

query_api::query_api(const store::log_reader& log, const store::view_reader& view,
                     std::function<migration::timestamp()> now)
    : log_{log}, view_{view}, now_{std::move(now)} {}

query_response query_api::get(const std::string& path, const query_parameters& query) const {
  if (path == "/v1/status")
    return status(query);
  if (path == "/v1/migrations")
    return list(query);
  if (path == "/v1/events")
    return all_events(log_, view_, query, now_());
  if (path == "/v1/replay")
    return replay_all(log_, query, now_());
  if (path == "/v1/diff")
    return diff_all(log_, query, now_());
  if (!path.starts_with(migrations))
    return problem(404, "there is nothing at " + path);
  const auto [id, tail] = split_migration_path(path.substr(migrations.size()));
  if (tail.empty())
    return one(id, query);
  if (tail == "events")
    return events_of(log_, view_, id, query, now_());
  if (tail == "replay")
    return replay_of(log_, view_, id, query, now_());
  return problem(405, "this is an order: give it with POST");
}

std::optional<query_response> query_api::missing(const std::string& id) const {
  const auto version = log_.stream_version(id);
  if (!version)
    return problem(500, version.error().what);
  return *version == 0 ? std::optional{no_such_migration(id)} : std::nullopt;
}

query_response query_api::status(const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  json counts = json::object();
  uint64_t sum = 0;
  for (const auto* phase : phases) {
    const auto count = count_of(view_, phase);
    counts[phase] = count;
    sum += count;
  }
  bool open = false;
  auto scanned = view_.scan(wait_key, "", 1, [&](std::string_view, std::string_view) {
    open = true;
    return false;
  });
  if (!scanned)
    return problem(500, scanned.error().what);
  // The log after the view, so that the lag is never below zero.
  const auto seen = view_.cursor();
  const auto last = log_.last_sequence();
  return json_response({{"migrations", sum},
                        {"phases", counts},
                        {"open", open},
                        {"last_sequence", last},
                        {"view_sequence", seen},
                        {"lag", last - std::min(seen, last)},
                        {"log", log_.log_id()}});
}

query_response query_api::list(const query_parameters& query) const {
  const auto want = read_list_request(query);
  if (!want)
    return problem(400, want.error().what);
  json rows = json::array(), next;
  std::string last = want->after;
  const auto from = last.empty() ? std::string{} : std::string{row_key} + last;
  auto visit = [&, looked_at = uint64_t{0}](std::string_view key, std::string_view bytes) mutable {
    std::string id{key.substr(row_key.size())};
    const auto row = wanted_row(*want, id, bytes);
    if ((row && rows.size() == want->limit) || looked_at++ == looked_at_most) {
      next = last;
      return false;
    }
    if (row)
      rows.push_back(summary_json(id, *row));
    last = std::move(id);
    return true;
  };
  auto scanned = view_.scan(row_key, from, store::no_limit, visit);
  if (!scanned)
    return problem(500, scanned.error().what);
  return json_response({{"migrations", rows}, {"next", next}});
}

query_response query_api::one(const std::string& id, const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto bytes = view_.get(std::string{row_key} + id);
  if (!bytes)
    return problem(500, bytes.error().what);
  if (!*bytes)
    return no_such_migration(id);
  const auto row = decode_row(**bytes);
  return row ? json_response(full_json(id, *row)) : problem(500, row.error().what);
}

} // namespace skein::actors
