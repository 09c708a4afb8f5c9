#pragma once

#include "agents/migrate.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace skein::agents {

/// The result this migration published before, verified against its manifest, as the agent's
/// output with `"already_published": true`; nullopt when the target folder is not there. Fails
/// when the folder is somebody else's, was made from other source data or rules, or its data file
/// has changed since.
outcome<std::optional<nlohmann::json>> find_published(const migration_plan&);

} // namespace skein::agents
