#pragma once

#include "agents/agent_io.hpp"
#include "agents/compatibility.hpp"
#include "agents/metadata_client.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skein::agents {

/// The `validate-dependencies` step: what changes column by column, the verdict on every consumer,
/// and, if the policy says so, why the migration is held. An output that would grow too large
/// leaves out compatible consumers first and counts them under `consumers_omitted`.
outcome<nlohmann::json> check_dependencies(const metadata_client&, const attempt&, hold_policy);

} // namespace skein::agents
