#include "agents/discover.hpp"

#include "agents/lookup.hpp"
#include "agents/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

nlohmann::json output_for(const dataset& found, const std::string& target,
                          const config::contract& contract,
                          const std::vector<consumer>& consumers) {
  const auto direct = std::count_if(consumers.begin(), consumers.end(),
                                    [](const auto& x) { return x.depth == 1; });
  return {{"title", found.title},
          {"owner", found.owner},
          {"owner_email", found.owner_email},
          {"criticality", found.criticality},
          {"current_version", found.current_version},
          {"target_version", target},
          {"location", contract.where.path},
          {"format", contract.where.format},
          {"consumers", consumers.size()},
          {"direct_consumers", direct},
          {"labels",
           {{"owner", found.owner},
            {"storage", contract.where.server},
            {"criticality", found.criticality}}}};
}

} // namespace

outcome<nlohmann::json> discover(const metadata_client& store, const attempt& of) {
  auto found = look_up(store, of);
  if (!found)
    return hand_on(found);
  auto contract = fetch_contract(store, found->id, found->current_version);
  if (!contract)
    return hand_on(contract);
  auto consumers = store.consumers(found->id);
  if (!consumers)
    return hand_on(consumers);
  const auto target = of.target_version.empty() ? found->target_version : of.target_version;
  auto output = output_for(*found, target, *contract, *consumers);
  if (found->current_version == target)
    output["already_current"] = true;
  return output;
}

} // namespace skein::agents
