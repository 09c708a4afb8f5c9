#include "actors/api/rehearsal.hpp"

#include "actors/api/catalog_api.hpp"
#include "actors/api/preconditions.hpp"
#include "actors/api/query_api.hpp"
#include "actors/migration.hpp"
#include "actors/types.hpp"
#include "events/migration_id.hpp"
#include "events/record.hpp"
#include "events/status.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

/// As it would be read back, but for the sequence, which only the log gives.
json event_of(const record& what) {
  auto event = json::parse(status_json(0, what));
  event.erase("sequence");
  return event;
}

} // namespace

query_response rehearse(const store::log_reader& log, const std::string& id,
                        const migration::command& cmd, std::optional<uint64_t> if_version) {
  auto past = recover(log, id);
  if (!past)
    return problem(503, past.error().what);
  if (if_version && *if_version != past->version)
    return has_changed(id, past->version);
  const auto decision = decide(past->now, cmd);
  if (const auto* why = std::get_if<migration::rejection>(&decision))
    return problem(409, to_string(fault::refused) + ": " + std::string{to_string(*why)});
  const auto& events = std::get<std::vector<migration::event>>(decision);
  json shown = json::array();
  for (const auto& each : make_records(id, past->version, cmd, events))
    shown.push_back(event_of(each));
  const std::string phase{to_string(past->now.phase)};
  for (const auto& each : events)
    past->now = evolve(std::move(past->now), each, cmd.at);
  json answer{{"dry_run", true}, {"events", std::move(shown)}};
  if (id != steering::stream)
    answer.update({{"id", id},
                   {"version", past->version},
                   {"phase", phase},
                   {"phase_after", std::string{to_string(past->now.phase)}}});
  return json_response(answer);
}

query_response rehearse_scan(const catalog_api& catalog, const query_api& queries) {
  json fresh = json::array(), known = json::array();
  query_parameters query{{"pending", "true"}, {"limit", "1000"}};
  for (;;) {
    const auto answer = catalog.datasets(query);
    if (answer.status != 200)
      return answer;
    const auto page = json::parse(answer.body);
    for (const auto& each : page["datasets"]) {
      const auto id = migration_id(each.value("id", ""), each.value("target_version", ""));
      (queries.version_of(id) ? known : fresh).push_back(id);
    }
    if (!page["next"].is_string())
      break;
    query["after"] = page["next"];
  }
  return json_response({{"dry_run", true},
                        {"would_ask_for", std::move(fresh)},
                        {"there_already", std::move(known)}});
}

} // namespace skein::actors
