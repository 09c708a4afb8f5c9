#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::console {

/// What a daemon answered to an order with `dry_run=true`, on one line: "movies@v2 is running, and
/// would be cancelled: attempt_stopped, cancelled".
std::string rehearsal_text(const nlohmann::json& answer);

} // namespace skein::console
