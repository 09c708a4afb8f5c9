#include "actors/launch_input.hpp"

#include "actors/json_text.hpp"
#include "events/status.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

/// A step without an output has the empty object.
expected<json> inputs_of(const std::string& migration, const bus::outputs& outputs) {
  auto result = json::object();
  for (const auto& [step, text] : outputs) {
    if (text.empty()) {
      result[step] = json::object();
      continue;
    }
    auto value = parse_json(text);
    if (!value)
      return fail("the output of step " + clean_text(step, 100) + " of "
                  + clean_text(migration, 200)
                  + " is not JSON that can be handed on; have an operator retry that step");
    result[step] = std::move(*value);
  }
  return result;
}

expected<json> notice_json(const bus::notice& what) {
  auto inputs = inputs_of(what.migration, what.inputs);
  if (!inputs)
    return inputs;
  const auto owner = what.labels.find("owner");
  return json{{"migration", what.migration},
              {"dataset", what.subject.name},
              {"kind", what.kind},
              {"reason", what.why},
              {"current_version", what.subject.current_version},
              {"target_version", what.subject.target_version},
              {"owner", owner == what.labels.end() ? "" : owner->second},
              {"step", what.step},
              {"attempt", what.attempt},
              {"epoch", what.epoch},
              {"inputs", std::move(*inputs)},
              {"since", what.since == migration::timestamp{} ? "" : rfc3339(what.since)},
              {"reminder", what.reminders},
              {"escalated", what.is_escalated},
              {"escalate_to", what.escalate_to}};
}

} // namespace

variables step_identity(const bus::assignment& work) {
  const auto& about = work.subject;
  const auto epoch = std::to_string(work.epoch);
  return {{"SKEIN_MIGRATION_ID", work.migration},
          {"SKEIN_DATASET_ID", about.name},
          {"SKEIN_CURRENT_VERSION", about.current_version},
          {"SKEIN_TARGET_VERSION", about.target_version},
          {"SKEIN_STEP", work.step},
          {"SKEIN_ATTEMPT", std::to_string(work.attempt)},
          {"SKEIN_EPOCH", epoch},
          {"SKEIN_SCAN_ID", work.scan},
          {"SKEIN_WORKFLOW", work.workflow},
          {"NOMAD_META_DATASET_ID", about.name},
          {"NOMAD_META_CURRENT_VERSION", about.current_version},
          {"NOMAD_META_TARGET_VERSION", about.target_version},
          {"NOMAD_META_RUN_ID", work.migration + ":" + work.step + ":" + epoch}};
}

expected<std::string> step_input(const bus::assignment& work) {
  auto inputs = inputs_of(work.migration, work.inputs);
  if (!inputs)
    return tl::unexpected{inputs.error()};
  json whole{{"migration", work.migration},
             {"dataset", work.subject.name},
             {"current_version", work.subject.current_version},
             {"target_version", work.subject.target_version},
             {"scan", work.scan},
             {"workflow", work.workflow},
             {"step", work.step},
             {"attempt", work.attempt},
             {"epoch", work.epoch},
             {"inputs", std::move(*inputs)}};
  if (work.input.empty())
    return dump_json(whole);
  const auto given = parse_json(work.input);
  if (!given || !given->is_object())
    return fail("what an operator gave step " + clean_text(work.step, 100) + " of "
                + clean_text(work.migration, 200)
                + " as its input is no JSON object; override the input again");
  whole.merge_patch(*given);
  return dump_json(whole);
}

expected<std::string> digest_input(const std::string& digest,
                                   const std::vector<bus::notice>& notices) {
  auto list = json::array();
  for (const auto& notice : notices) {
    auto one = notice_json(notice);
    if (!one)
      return tl::unexpected{one.error()};
    list.push_back(std::move(*one));
  }
  return dump_json({{"digest", digest}, {"notices", std::move(list)}});
}

std::string scan_input(const std::string& scan) { return dump_json({{"scan", scan}}); }

} // namespace skein::actors
