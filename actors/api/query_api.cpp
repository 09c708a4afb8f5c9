#include "actors/api/query_api.hpp"

#include "actors/api/attempts_json.hpp"
#include "actors/api/failure_list.hpp"
#include "actors/api/migration_json.hpp"
#include "actors/api/migration_list.hpp"
#include "actors/api/orders.hpp"
#include "actors/api/phase_counts.hpp"
#include "actors/api/query_log.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/api/replay.hpp"
#include "actors/view_row.hpp"

#include <nlohmann/json.hpp>
#include <optional>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::string_view migrations = "/v1/migrations/";

/// Whether that is a word behind an id, and not the end of the id.
bool is_tail(std::string_view word) {
  return word == "attempts" || word == "events" || word == "replay" || verb_named(word);
}

} // namespace

migration_path split_migration_path(const std::string& rest) {
  const auto slash = rest.rfind('/');
  if (slash != rest.npos && rest.find('@') < slash)
    if (const auto tail = rest.substr(slash + 1); is_tail(tail))
      return {rest.substr(0, slash), tail};
  return {rest, ""};
}

query_api::query_api(const store::log_reader& log, const store::view_reader& view,
                     std::function<migration::timestamp()> now, progress_of progress)
    : log_{log}, view_{view}, now_{std::move(now)}, progress_{std::move(progress)} {}

query_response query_api::get(const std::string& path, const query_parameters& query) const {
  if (path == "/v1/status")
    return status(query);
  if (path == "/v1/migrations")
    return list_migrations(log_, view_, query, now_());
  if (path == "/v1/failures")
    return list_failures(view_, query, now_());
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
  if (tail == "attempts")
    return attempts_of(log_, id, query, now_(), progress_);
  if (tail == "events")
    return events_of(log_, view_, id, query, now_());
  if (tail == "replay")
    return replay_of(log_, view_, id, query, now_());
  return problem(405, "this is an order: give it with POST");
}

tl::expected<uint64_t, query_response> query_api::version_of(const std::string& id) const {
  const auto version = log_.stream_version(id);
  if (!version)
    return tl::unexpected{problem(500, version.error().what)};
  if (*version == 0)
    return tl::unexpected{no_such_migration(id)};
  return *version;
}

query_response query_api::stream(event_feed& feed, const query_parameters& query,
                                 const std::string& last_event_id, std::string who) const {
  return stream_events(feed, log_, view_, query, last_event_id, std::move(who), now_());
}

bool query_api::runs(const attempt_id& what) const {
  const auto now = replay(log_, what.migration, {});
  if (!now)
    return false;
  const auto& steps = now->row.state.steps;
  return std::any_of(steps.begin(), steps.end(), [&](const auto& step) {
    return step.epoch == what.epoch && step.status == migration::step_status::running;
  });
}

query_response query_api::status(const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  json counts = json::object();
  uint64_t sum = 0;
  for (const auto& [phase, count] : phase_counts(view_)) {
    counts[std::string{phase}] = count;
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

query_response query_api::one(const std::string& id, const query_parameters& query) const {
  if (auto known = check_known(query, {"at"}); !known)
    return problem(400, known.error().what);
  if (query.contains("at")) {
    auto then = replay_of(log_, view_, id, query, now_());
    if (then.status != 200)
      return then;
    auto body = json::parse(then.body);
    body.erase("replayed");
    return tagged(json_response(body), body["version"]);
  }
  const auto bytes = view_.get(std::string{row_key} + id);
  if (!bytes)
    return problem(500, bytes.error().what);
  if (!*bytes)
    return no_such_migration(id);
  const auto row = decode_row(**bytes);
  return row ? tagged(json_response(full_json(id, *row)), row->version)
             : problem(500, row.error().what);
}

} // namespace skein::actors
