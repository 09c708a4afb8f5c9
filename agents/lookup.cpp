#include "agents/lookup.hpp"

#include <fmt/format.h>

namespace skein::agents {

outcome<dataset> look_up(const metadata_client& store, const attempt& of) {
  if (of.dataset.empty())
    return give_up("No dataset is named; pass it as an option or in SKEIN_DATASET_ID.");
  auto found = store.find(of.dataset);
  if (!found && found.error().kind == trouble_kind::not_found)
    return give_up(fmt::format("Dataset {} has vanished from the metadata store ({}); cancel its "
                               "migration or register it again.",
                               of.dataset, found.error().what));
  if (!found)
    return found;
  const auto& current = found->current_version;
  if (!of.current_version.empty() && current != of.current_version && current != of.target_version)
    return give_up(fmt::format("Dataset {} is at {}, but this migration goes from {} to {}; "
                               "somebody else has moved it.",
                               of.dataset, current, of.current_version, of.target_version));
  return found;
}

} // namespace skein::agents
