#include "agents/dependency_check.hpp"

#include "agents/changes.hpp"
#include "agents/lookup.hpp"
#include "agents/rules.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

/// Room for what stands around the consumers.
constexpr std::size_t consumers_bytes_max = output_bytes_max / 4 * 3;

void add_consumers(nlohmann::json& output, const std::vector<judged_consumer>& judged) {
  auto& list = output["consumers"] = nlohmann::json::array();
  std::size_t bytes = 0;
  for (const auto& x : judged) {
    auto entry = to_json(x);
    bytes += entry.dump().size() + 1;
    if (bytes > consumers_bytes_max)
      break;
    list.push_back(std::move(entry));
  }
  if (list.size() < judged.size())
    output["consumers_omitted"] = judged.size() - list.size();
}

nlohmann::json nothing_to_check() {
  return {{"already_current", true},
          {"changes", nlohmann::json::array()},
          {"consumers", nlohmann::json::array()},
          {"summary", summary_of({})}};
}

} // namespace

outcome<nlohmann::json> check_dependencies(const metadata_client& store, const attempt& of,
                                           hold_policy policy) {
  if (of.target_version.empty())
    return give_up("No target version is named; set SKEIN_TARGET_VERSION.");
  auto found = look_up(store, of);
  if (!found)
    return hand_on(found);
  if (found->current_version == of.target_version)
    return nothing_to_check();
  progress(0.2, "reading contracts and mapping");
  auto rules = fetch_rules(store, found->id, found->current_version, of.target_version);
  if (!rules)
    return hand_on(rules);
  progress(0.6, "judging consumers");
  auto consumers = store.consumers(found->id);
  if (!consumers)
    return hand_on(consumers);
  const auto judged = judge(*consumers, rules->before, rules->mapping, rules->after);
  nlohmann::json output{
      {"changes", to_json(changes_between(rules->before, rules->mapping, rules->after))},
      {"summary", summary_of(judged)}};
  add_consumers(output, judged);
  if (auto why = hold_reason(judged, rules->mapping, policy))
    output["hold"] = *why;
  return output;
}

} // namespace skein::agents
