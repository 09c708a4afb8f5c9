#include "actors/api/attempts_json.hpp"

#include "actors/api/query_log.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/json_text.hpp"
#include "events/overloaded.hpp"
#include "events/record.hpp"
#include "events/status.hpp"

#include <map>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr uint64_t attempts_default = 100;
constexpr uint64_t attempts_most = 1000;

/// By epoch, which counts a migration's attempts.
using attempts = std::map<uint64_t, json>;

json started(const std::string& id, const migration::attempt_started& what, const record& from) {
  return {{"id", id + ":" + std::to_string(what.epoch)},
          {"step", what.step},
          {"attempt", what.attempt},
          {"epoch", what.epoch},
          {"worker", what.worker},
          {"state", "running"},
          {"started", rfc3339(from.at)},
          {"ended", nullptr},
          {"error_class", nullptr},
          {"why", nullptr},
          {"output", nullptr},
          {"progress", nullptr}};
}

void end(attempts& all, uint64_t epoch, const record& from, json more) {
  const auto found = all.find(epoch);
  if (found == all.end())
    return; // only a foreign log ends what it never began
  found->second["ended"] = rfc3339(from.at);
  found->second.update(more);
}

json output_of(const std::string& text) {
  return text.empty() ? json{} : parse_json(text).value_or(json(text));
}

void take(attempts& all, const std::string& id, const record& from) {
  std::visit(
      overloaded{
          [&](const migration::attempt_started& x) { all[x.epoch] = started(id, x, from); },
          [&](const migration::attempt_succeeded& x) {
            end(all, x.epoch, from, {{"state", "succeeded"}, {"output", output_of(x.output)}});
          },
          [&](const migration::attempt_failed& x) {
            end(all, x.epoch, from,
                {{"state", "failed"}, {"error_class", to_string(x.kind)}, {"why", x.why}});
          },
          [](const auto&) {}},
      from.event);
}

bool is_within(const std::optional<point_in_time>& at, uint64_t sequence,
               migration::timestamp moment) {
  if (!at)
    return true;
  return std::visit(overloaded{[&](uint64_t last) { return sequence <= last; },
                               [&](migration::timestamp last) { return moment <= last; }},
                    *at);
}

} // namespace

query_response attempts_of(const store::log_reader& log, const std::string& id,
                           const query_parameters& query, migration::timestamp now,
                           const progress_of& progress) {
  const auto known = check_known(query, {"at", "limit", "after"});
  const auto at = moment_parameter(query, "at", now);
  const auto limit = number_parameter(query, "limit", attempts_default, attempts_most);
  const auto after = number_parameter(query, "after", 0);
  if (!known || !at || !limit || !after)
    return problem(400, (!known   ? known.error()
                         : !at    ? at.error()
                         : !limit ? limit.error()
                                  : after.error())
                            .what);
  const auto last = log.stream_version(id);
  if (!last)
    return problem(500, last.error().what);
  if (*last == 0)
    return no_such_migration(id);
  attempts all;
  const auto read = log.read_stream(id, 1, [&](uint64_t, const store::stored& from) {
    const auto what = decode_record(from.bytes);
    if (what && !is_within(*at, from.sequence, what->at))
      return false;
    if (what)
      take(all, id, *what);
    return true;
  });
  if (!read)
    return problem(500, read.error().what);
  json rows = json::array(), next;
  for (auto each = all.upper_bound(*after); each != all.end(); ++each) {
    if (rows.size() == *limit) {
      next = rows.empty() ? json(*after) : rows.back()["epoch"];
      break;
    }
    if (progress && !*at && each->second["state"] == "running")
      each->second["progress"] = progress(id, each->first);
    rows.push_back(std::move(each->second));
  }
  return json_response({{"attempts", rows}, {"next", next}});
}

} // namespace skein::actors
