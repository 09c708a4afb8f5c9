#pragma once

#include "agents/agent_io.hpp"
#include "agents/metadata_client.hpp"

namespace skein::agents {

/// The attempt's dataset as the metadata store has it. Fails when the attempt names none, when it
/// has vanished, and when it is neither at the version the attempt starts from nor at its target.
outcome<dataset> look_up(const metadata_client&, const attempt&);

} // namespace skein::agents
