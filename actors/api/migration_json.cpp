#include "actors/api/migration_json.hpp"

#include "actors/json_text.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using migration::step_status;
using nlohmann::json;

json time_json(migration::timestamp at) {
  return at == migration::timestamp{} ? json{} : json(rfc3339(at));
}

json text_or_null(const std::string& text) { return text.empty() ? json{} : json(text); }

/// What a reader wants to hear of first.
int urgency(step_status x) {
  switch (x) {
    case step_status::parked: return 0;
    case step_status::held: return 1;
    case step_status::running: return 2;
    case step_status::retrying: return 3;
    case step_status::ready: return 4;
    case step_status::waiting: return 5;
    case step_status::succeeded:
    case step_status::skipped: return 6;
  }
  return 6;
}

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

uint64_t attempts_of(const migration::state& now) {
  uint64_t sum = 0;
  for (const auto& step : now.steps)
    sum += step.attempts;
  return sum;
}

std::string why_of(const view_row& row, std::optional<std::size_t> at) {
  if (!row.unreadable.empty())
    return row.unreadable;
  if (row.state.why.empty() && at && row.state.steps[*at].status == step_status::retrying)
    return row.state.steps[*at].last_failure;
  return row.state.why;
}

std::string label(const migration::state& now, const char* name) {
  const auto found = now.labels.find(name);
  return found == now.labels.end() ? std::string{} : found->second;
}

} // namespace

std::optional<std::size_t> current_step(const migration::state& now) {
  const auto first
      = std::min_element(now.steps.begin(), now.steps.end(), [](const auto& a, const auto& b) {
          return urgency(a.status) < urgency(b.status);
        });
  if (first == now.steps.end() || is_done(first->status))
    return std::nullopt;
  return static_cast<std::size_t>(first - now.steps.begin());
}

json summary_json(const std::string& id, const view_row& row) {
  const auto& now = row.state;
  const auto at = current_step(now);
  return {{"id", id},
          {"dataset", dataset_of(id)},
          {"current_version", text_or_null(now.subject.current_version)},
          {"target_version", text_or_null(target_version_of(id))},
          {"phase", phase_name(row)},
          {"paused", now.is_paused},
          {"priority", now.priority},
          {"step", at ? json(now.flow.steps[*at].name) : json{}},
          {"step_status", at ? json(to_string(now.steps[*at].status)) : json{}},
          {"attempts", attempts_of(now)},
          {"owner", text_or_null(label(now, "owner"))},
          {"scan", text_or_null(now.scan)},
          {"requested_at", time_json(now.requested_at)},
          {"changed_at", time_json(now.changed_at)},
          {"why", text_or_null(why_of(row, at))}};
}

json full_json(const std::string& id, const view_row& row) {
  const auto& now = row.state;
  auto result = summary_json(id, row);
  result["workflow"] = now.flow.name;
  result["labels"] = now.labels;
  result["told"] = now.told;
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
