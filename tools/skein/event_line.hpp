#pragma once

#include "tools/skein/table.hpp"
#include "tools/skein/terminal.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::console {

/// One event, as the status subject and the query API carry it, on one line for people. It is
/// shortened to the terminal's width.
std::string event_line(const terminal& to, const nlohmann::json& event);

/// Events with all that they say of themselves, for programs.
table event_table(const nlohmann::json& events);

/// What an event says beside its time, migration and type: step, attempt, why, who ordered it and
/// the reason.
std::string event_detail(const nlohmann::json& event);

} // namespace skein::console
