#include "actors/api/workspace_api.hpp"

#include "actors/api/newest_note.hpp"
#include "actors/api/query_parameters.hpp"
#include "actors/view_row.hpp"
#include "events/status.hpp"
#include "store/encodings.hpp"
#include "store/heads_file.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

double seconds_of(std::chrono::milliseconds x) { return static_cast<double>(x.count()) / 1e3; }

json text_or_null(const std::string& text) { return text.empty() ? json{} : json(text); }

json schedule_json(const std::optional<config::schedule>& from) {
  if (!from)
    return nullptr;
  using config::missed_policy;
  using config::overlap_policy;
  const auto* overlap = from->overlap == overlap_policy::skip    ? "skip"
                        : from->overlap == overlap_policy::queue ? "queue"
                                                                 : "allow";
  return {{"cron", from->when.text},
          {"time_zone", from->time_zone},
          {"overlap", overlap},
          {"missed", from->missed == missed_policy::skip ? "skip" : "run_once"}};
}

json agent_json(const config::agent& from) {
  json names = json::array();
  for (const auto& [name, value] : from.environment)
    names.push_back(name);
  return {{"name", from.name},
          {"image", text_or_null(from.image)},
          {"command", from.command},
          {"environment", names},
          {"schedule", schedule_json(from.schedule)},
          {"cpu_seconds", from.limits.cpu.count()},
          {"memory_bytes", from.limits.memory_bytes},
          {"concurrency", from.concurrency},
          {"channel", text_or_null(from.channel)},
          {"warnings", from.warnings}};
}

json retry_json(const retry_policy& from) {
  json result = json::object();
  for (std::size_t i = 0; i < error_class_count; ++i) {
    const auto& rule = from.rules[i];
    result[to_string(static_cast<error_class>(i + 1))] = {{"max_attempts", rule.max_attempts},
                                                          {"base_seconds", seconds_of(rule.base)},
                                                          {"cap_seconds", seconds_of(rule.cap)}};
  }
  return result;
}

json workflow_json(const workflow& from, bool is_default) {
  json steps = json::array();
  for (const auto& x : from.steps)
    steps.push_back({{"name", x.name},
                     {"agent", x.agent},
                     {"depends_on", x.depends_on},
                     {"timeout_seconds", seconds_of(x.timeout)},
                     {"retry", retry_json(x.retry)}});
  return {{"name", from.name}, {"is_default", is_default}, {"steps", std::move(steps)}};
}

json head_json(const json& number, const store::signed_head& from, std::string_view note) {
  return {{"number", number},       {"log", from.head.log_id},
          {"size", from.head.size}, {"root", store::hex(from.head.root)},
          {"time", from.head.time}, {"note", note}};
}

void add_leases(const std::string& id, const view_row& row, const std::string& worker, json& to) {
  const auto& now = row.state;
  const auto owner = now.labels.find("owner");
  for (std::size_t i = 0; i < now.steps.size(); ++i) {
    const auto& step = now.steps[i];
    const auto& plan = now.flow.steps[i];
    if (step.status != migration::step_status::running || !matches(worker, step.worker))
      continue;
    to.push_back({{"attempt", id + ":" + std::to_string(step.epoch)},
                  {"migration", id},
                  {"dataset", dataset_of(id)},
                  {"step", plan.name},
                  {"agent", plan.agent},
                  {"number", step.attempts},
                  {"epoch", step.epoch},
                  {"worker", step.worker},
                  {"owner", owner == now.labels.end() ? json{} : json(owner->second)},
                  {"started", rfc3339(step.started)},
                  {"ends_at_latest", rfc3339(step.started + plan.timeout)},
                  {"lease_ttl_seconds", seconds_of(step.lease_ttl)}});
  }
}

template <class Map, class Show>
query_response all_of(const query_parameters& query, const char* name, const Map& these,
                      Show show) {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  json rows = json::array();
  for (const auto& [key, value] : these)
    rows.push_back(show(value));
  return json_response({{name, rows}});
}

} // namespace

query_response workspace_api::agents(const query_parameters& query) const {
  return all_of(query, "agents", space_.agents, agent_json);
}

query_response workspace_api::agent(const std::string& name, const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto found = space_.agents.find(name);
  return found != space_.agents.end()
             ? json_response(agent_json(found->second))
             : problem(404, "the workspace defines no agent '" + name + "'");
}

query_response workspace_api::workflows(const query_parameters& query) const {
  return all_of(query, "workflows", space_.workflows, [this](const skein::workflow& x) {
    return workflow_json(x, x.name == space_.workflow);
  });
}

query_response workspace_api::workflow(const std::string& name,
                                       const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto found = space_.workflows.find(name);
  return found != space_.workflows.end()
             ? json_response(workflow_json(found->second, name == space_.workflow))
             : problem(404, "the workspace defines no workflow '" + name + "'");
}

query_response workspace_api::limits(const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto& x = space_.limits;
  json per_agent = json::object();
  for (const auto& [name, agent] : space_.agents)
    if (agent.concurrency > 0)
      per_agent[name] = agent.concurrency;
  json all{{"running", x.running},
           {"per_owner", x.per_owner},
           {"per_storage", x.per_storage},
           {"per_agent", per_agent},
           {"intake", x.intake}};
  const auto fleet = steering_.now();
  for (const auto& [name, value] : fleet->limits)
    if (const auto agent = steering::limited_agent(name); !agent.empty())
      all["per_agent"][std::string{agent}] = value;
    else
      all[name] = value;
  all["changed"] = fleet->limits;
  return json_response(all);
}

query_response workspace_api::heads(const query_parameters& query) const {
  const auto known = check_known(query, {"limit", "after"});
  const auto limit = limit_parameter(query);
  const auto after = number_parameter(query, "after", 0);
  if (!known || !limit || !after)
    return problem(400, (!known ? known.error() : !limit ? limit.error() : after.error()).what);
  json rows = json::array(), next;
  std::error_code ignored;
  if (!std::filesystem::exists(space_.audit.heads_file, ignored))
    return json_response({{"heads", rows}, {"next", next}});
  const auto read
      = store::each_note(space_.audit.heads_file, [&](uint64_t number, std::string_view note) {
          if (number <= *after || !next.is_null())
            return;
          if (rows.size() == *limit) {
            next = number - 1;
            return;
          }
          if (const auto head = store::parse_head(note))
            rows.push_back(head_json(number, *head, note));
        });
  return read ? json_response({{"heads", rows}, {"next", next}}) : problem(500, read.error().what);
}

query_response workspace_api::newest_head(const query_parameters& query) const {
  if (auto known = check_known(query, {}); !known)
    return problem(400, known.error().what);
  const auto note = newest_note(space_.audit.heads_file);
  const auto head = note ? store::parse_head(*note) : expected<store::signed_head>{fail("")};
  if (!head)
    return problem(404, "no head is signed yet");
  // How many there are before it takes reading all of them.
  return json_response(head_json(nullptr, *head, *note));
}

query_response workspace_api::leases(const query_parameters& query) const {
  const auto known = check_known(query, {"owner", "dataset", "worker", "limit", "after"});
  const auto limit = limit_parameter(query);
  if (!known || !limit)
    return problem(400, (known ? limit.error() : known.error()).what);
  const auto owner = text_parameter(query, "owner"), dataset = text_parameter(query, "dataset"),
             worker = text_parameter(query, "worker"), after = text_parameter(query, "after");
  json rows = json::array(), next;
  std::string last = after;
  expected<void> read;
  const auto scanned
      = view_.scan(busy_key, after.empty() ? "" : std::string{busy_key} + after, store::no_limit,
                   [&](std::string_view key, std::string_view) {
                     const std::string id{key.substr(busy_key.size())};
                     if (rows.size() >= *limit) {
                       next = last;
                       return false;
                     }
                     last = id;
                     if (!matches(dataset, dataset_of(id)))
                       return true;
                     const auto bytes = view_.get(std::string{row_key} + id);
                     if (!bytes) {
                       read = tl::unexpected{bytes.error()};
                       return false;
                     }
                     const auto row = *bytes ? decode_row(**bytes) : expected<view_row>{fail("")};
                     if (!row)
                       return true; // gone, or unreadable: then nothing of it runs here
                     const auto its = row->state.labels.find("owner");
                     if (owner.empty() || (its != row->state.labels.end() && its->second == owner))
                       add_leases(id, *row, worker, rows);
                     return true;
                   });
  if (!scanned || !read)
    return problem(500, (scanned ? read.error() : scanned.error()).what);
  return json_response({{"leases", rows}, {"next", next}});
}

} // namespace skein::actors
