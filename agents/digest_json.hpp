#pragma once

#include "agents/letter.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skein::agents {

/// A letter for programs, whatever carries it (docs/notifications.md):
///
///     {"digest", "owner", "name", "headline",
///      "notices": [{"migration", "dataset", "kind", "headline", "reason", "current_version",
///                   "target_version", "owns_dataset", "changes": [], "consumers": [], …}]}
nlohmann::json json_of(const letter&, const digest& of);

} // namespace skein::agents
