#include "actors/api/migration_json.hpp"

#include "actors/json_text.hpp"
#include "events/status.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using migration::step_status;
using nlohmann::json;

json time_json(migration::timestamp at) {
  return at == migration::timestamp{} ? json{} : json(rfc3339(at));
}

json text_or_null(std::string_view text) { return text.empty() ? json{} : json(text); }

json failures_json(const migration::step_state& step) {
  json counts = json::object();
  for (std::size_t i = 0; i < step.failures.size(); ++i)
    if (step.failures[i] > 0)
      counts[to_string(static_cast<error_class>(i + 1))] = step.failures[i];
  return counts;
}

/// An output that is no JSON, as only a foreign log can have, is shown as text.
json output_json(const std::string& text) {
  if (text.empty())
    return nullptr;
  return parse_json(text).value_or(json(text));
}

json step_json(const step& plan, const migration::step_state& now) {
  const bool over = now.ended >= now.started && now.status != step_status::running;
  json result{{"name", plan.name},
              {"agent", plan.agent},
              {"depends_on", plan.depends_on},
              {"status", to_string(now.status)},
              {"attempts", now.attempts},
              {"failures", failures_json(now)},
              {"epoch", now.epoch},
              {"worker", text_or_null(now.worker)},
              {"started", time_json(now.started)},
              {"ended", over ? time_json(now.ended) : json{}},
              {"timeout_seconds", static_cast<double>(plan.timeout.count()) / 1e3},
              {"output", output_json(now.output)},
              {"last_failure", text_or_null(now.last_failure)}};
  if (over && now.attempts > 0)
    result["seconds"] = static_cast<double>((now.ended - now.started).count()) / 1e6;
  if (!now.input.empty())
    result["input"] = output_json(now.input);
  if (now.status == step_status::retrying)
    result["due"] = time_json(now.due);
  return result;
}

} // namespace

json summary_json(const std::string& id, const list_row& row) {
  json::object_t to;
  // In the order of their names, which is how an object keeps them. Taken together in braces they
  // cost three times as much, and a page has up to a thousand rows.
  const auto put
      = [&](const char* name, json value) { to.emplace_hint(to.end(), name, std::move(value)); };
  put("attempts", row.attempts);
  put("changed_at", time_json(row.changed_at));
  put("current_version", text_or_null(row.current_version));
  put("dataset", dataset_of(id));
  put("failure", text_or_null(row.failure_group));
  put("id", id);
  put("owner", text_or_null(row.label("owner")));
  put("paused", row.is_paused);
  put("phase", row.phase);
  put("priority", row.priority);
  put("requested_at", time_json(row.requested_at));
  put("scan", text_or_null(row.scan));
  put("step", text_or_null(row.step));
  put("step_status", row.step_status ? json(to_string(*row.step_status)) : json{});
  put("target_version", text_or_null(target_version_of(id)));
  put("why", text_or_null(row.why));
  return to;
}

json summary_json(const std::string& id, const view_row& row) {
  const auto bytes = encode_list_row(id, row, std::string::npos);
  return summary_json(id, list_row::read(bytes).value_or(list_row{}));
}

json full_json(const std::string& id, const view_row& row) {
  const auto& now = row.state;
  auto result = summary_json(id, row);
  result["workflow"] = now.flow.name;
  result["labels"] = now.labels;
  result["told"] = now.told;
  result["told_on"] = now.telling.channels;
  result["reminders"] = now.telling.reminders;
  result["remind_at"] = time_json(now.telling.remind_at);
  result["question"]
      = now.question == migration::question::asked ? json(now.question_text) : json{};
  result["rolling_back"] = now.is_rolling_back && now.phase != migration::phase::rolled_back;
  result["epoch"] = now.epoch;
  result["version"] = row.version;
  result["sequence"] = row.sequence;
  result["steps"] = json::array();
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    result["steps"].push_back(step_json(now.flow.steps[i], now.steps[i]));
  return result;
}

} // namespace skein::actors
