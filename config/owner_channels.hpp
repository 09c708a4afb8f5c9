#pragma once

#include "config/catalog.hpp"
#include "config/workspace.hpp"

namespace skein::config {

/// The channels that owners ask for in the catalog, by owner, for `notifications::of_owners`. Fails
/// with each that no agent tells people on, with the owner and the place of the annotation.
checked<std::map<entity_ref, std::vector<std::string>>> owner_channels(const workspace&,
                                                                       const catalog&);

} // namespace skein::config
