#pragma once

#include "tools/skein/doctor/checks.hpp"
#include "tools/skein/table.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skein::console::doctor {

std::size_t count(const findings&, verdict);

/// One finding after the other, each sentence in full, and the sum of them.
std::string page(const terminal&, const findings&);

table rows(const findings&);

/// `{"ok", "problems", "warnings", "findings": [{"about", "verdict", "what"}]}`
nlohmann::json as_json(const findings&);

} // namespace skein::console::doctor
