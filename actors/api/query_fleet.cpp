#include "actors/api/migration_json.hpp"
#include "actors/api/query_log.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/api/replay.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr uint64_t rows_default = 100;
constexpr uint64_t rows_most = 1000;
/// How many events one page folds, about: it answers within a second or so, whatever fits.
constexpr uint64_t folded_most = 20'000;

/// Which migrations, and which page of them.
struct fleet_request {
  std::string dataset, owner, scan, after;
  migration::labels labels;
  uint64_t limit = rows_default;
  uint64_t until = 0;
};

expected<fleet_request> read_fleet_request(const query_parameters& given, uint64_t last) {
  auto limit = number_parameter(given, "limit", rows_default, rows_most);
  auto until = number_parameter(given, "until", last);
  auto labels = label_parameter(given);
  if (!limit || !until || !labels)
    return tl::unexpected{!limit ? limit.error() : !until ? until.error() : labels.error()};
  return fleet_request{text_parameter(given, "dataset"),
                       text_parameter(given, "owner"),
                       text_parameter(given, "scan"),
                       text_parameter(given, "after"),
                       *std::move(labels),
                       *limit,
                       std::min(*until, last)};
}

/// What is only known from the state.
bool is_wanted(const fleet_request& want, const migration::state& state) {
  const auto has = [&](const std::string& name, const std::string& value) {
    const auto found = state.labels.find(name);
    return found != state.labels.end() && found->second == value;
  };
  return (want.scan.empty() || want.scan == state.scan)
         && (want.owner.empty() || has("owner", want.owner))
         && std::all_of(want.labels.begin(), want.labels.end(),
                        [&](const auto& x) { return has(x.first, x.second); });
}

json json_of(const std::optional<point_in_time>& at) { return at ? json(text_of(*at)) : json{}; }

/// Answers how many events it folded, and adds a row to the page if there is something to say.
using stream_step = std::function<expected<uint64_t>(const store::stream_info&, json& rows)>;

/// Goes through the streams by id until the page is full; `next` says where the rest begins.
expected<json> page_of(const store::log_reader& log, const fleet_request& want,
                       const stream_step& look_at) {
  json rows = json::array(), next;
  std::string last_id = want.after;
  uint64_t folded = 0;
  expected<void> looked;
  auto walked = log.streams("", want.after, [&](const store::stream_info& stream) {
    if (rows.size() == want.limit || folded >= folded_most) {
      next = last_id;
      return false;
    }
    last_id = stream.id;
    if (stream.id == steering::stream || !matches(want.dataset, dataset_of(stream.id)))
      return true;
    looked = look_at(stream, rows).map([&](uint64_t events) { folded += events; });
    return looked.has_value();
  });
  if (!walked || !looked)
    return tl::unexpected{walked ? looked.error() : walked.error()};
  return json{{"migrations", std::move(rows)}, {"next", std::move(next)}, {"until", want.until}};
}

json replayed_json(const std::string& id, const view_row& row) {
  auto line = summary_json(id, row);
  line["version"] = row.version;
  line["sequence"] = row.sequence;
  line["digest"] = state_digest(id, row);
  return line;
}

// -- diff ---------------------------------------------------------------------------------------

json side_json(const view_row& row) {
  if (row.version == 0)
    return nullptr;
  return {{"phase", phase_name(row)}, {"version", row.version}, {"sequence", row.sequence}};
}

json step_side(const view_row& row, std::size_t i) {
  if (i >= row.state.steps.size())
    return nullptr;
  const auto& step = row.state.steps[i];
  return {{"status", to_string(step.status)}, {"attempts", step.attempts}};
}

json steps_diff(const view_row& a, const view_row& b) {
  const auto& flow = b.version > 0 ? b.state.flow : a.state.flow;
  json changed = json::array();
  for (std::size_t i = 0; i < flow.steps.size(); ++i) {
    auto was = step_side(a, i), is = step_side(b, i);
    if (was != is)
      changed.push_back(
          {{"step", flow.steps[i].name}, {"from", std::move(was)}, {"to", std::move(is)}});
  }
  return changed;
}

json change_json(const std::string& id, const view_row& a, const view_row& b) {
  const char* change = a.version == 0 ? "appeared" : b.version == 0 ? "disappeared" : "changed";
  return {{"id", id},
          {"dataset", dataset_of(id)},
          {"change", change},
          {"events", static_cast<int64_t>(b.version) - static_cast<int64_t>(a.version)},
          {"from", side_json(a)},
          {"to", side_json(b)},
          {"steps", steps_diff(a, b)}};
}

struct diff_request {
  fleet_request fleet;
  point_in_time from;
  std::optional<point_in_time> to;
};

expected<diff_request> read_diff_request(const query_parameters& given, uint64_t last,
                                         migration::timestamp now) {
  auto known = check_known(
      given, {"from", "to", "dataset", "owner", "scan", "label", "limit", "after", "until"});
  if (!known)
    return tl::unexpected{known.error()};
  auto fleet = read_fleet_request(given, last);
  auto from = moment_parameter(given, "from", now);
  auto to = moment_parameter(given, "to", now);
  if (!fleet || !from || !to)
    return tl::unexpected{!fleet ? fleet.error() : !from ? from.error() : to.error()};
  if (!*from)
    return fail("a diff needs the parameter 'from': a sequence, a time, or how long ago");
  return diff_request{*std::move(fleet), **from, *to};
}

expected<uint64_t> diff_stream(const store::log_reader& log, const diff_request& want,
                               const store::stream_info& stream, json& rows) {
  const std::string id{stream.id};
  // Most of a large log is older than the first of two sequences.
  const auto* from = std::get_if<uint64_t>(&want.from);
  if (from && !want.to && stream.last_sequence <= *from)
    return 0;
  const auto a = replay(log, id, {want.from, want.fleet.until});
  if (!a)
    return tl::unexpected{a.error()};
  const auto b = replay(log, id, {want.to, want.fleet.until});
  if (!b)
    return tl::unexpected{b.error()};
  const auto& later = b->row.version > 0 ? b->row : a->row;
  if (a->row.version != b->row.version && is_wanted(want.fleet, later.state))
    rows.push_back(change_json(id, a->row, b->row));
  return a->row.version + b->row.version;
}

} // namespace

query_response replay_all(const store::log_reader& log, const query_parameters& query,
                          migration::timestamp now) {
  const auto known
      = check_known(query, {"at", "dataset", "owner", "scan", "label", "limit", "after", "until"});
  const auto want = read_fleet_request(query, log.last_sequence());
  const auto at = moment_parameter(query, "at", now);
  if (!known || !want || !at)
    return problem(400, (!known ? known.error() : !want ? want.error() : at.error()).what);
  auto page = page_of(log, *want, [&](const store::stream_info& stream, json& rows) {
    const std::string id{stream.id};
    return replay(log, id, {*at, want->until}).map([&](const replayed& then) {
      if (then.row.version > 0 && is_wanted(*want, then.row.state))
        rows.push_back(replayed_json(id, then.row));
      return then.row.version;
    });
  });
  if (!page)
    return problem(500, page.error().what);
  (*page)["at"] = json_of(*at);
  return json_response(*page);
}

query_response diff_all(const store::log_reader& log, const query_parameters& query,
                        migration::timestamp now) {
  const auto want = read_diff_request(query, log.last_sequence(), now);
  if (!want)
    return problem(400, want.error().what);
  auto page = page_of(log, want->fleet, [&](const store::stream_info& stream, json& rows) {
    return diff_stream(log, *want, stream, rows);
  });
  if (!page)
    return problem(500, page.error().what);
  (*page)["from"] = text_of(want->from);
  (*page)["to"] = json_of(want->to);
  return json_response(*page);
}

} // namespace skein::actors
