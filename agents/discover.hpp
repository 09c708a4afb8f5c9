#pragma once

#include "agents/agent_io.hpp"
#include "agents/metadata_client.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skein::agents {

/// The `discover` step: what the metadata store knows about the attempt's dataset now, as the
/// step's output, with the labels that limits and filters go by. A dataset that is at the target
/// version already is no failure: a crash may have come after the write-back. One that is at
/// neither version is.
outcome<nlohmann::json> discover(const metadata_client&, const attempt&);

} // namespace skein::agents
