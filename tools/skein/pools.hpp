#pragma once

#include "tools/skein/table.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skein::console {

/// The pools of the answer to `/v1/pools`: what waits, what runs, and who works.
table pools_table(const nlohmann::json& answer);

/// The circuit breakers of its pools that are not closed.
table breakers_table(const nlohmann::json& answer);

} // namespace skein::console
