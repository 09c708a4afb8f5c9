#pragma once

#include "tools/skein/table.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::console {

/// What an agent said, as the HTTP interface has it, on one line for people. It is shortened to the
/// terminal's width.
std::string agent_line(const terminal& to, const nlohmann::json& said);

/// The words alone, with how far the run is in front where that is what it said.
std::string agent_words(const nlohmann::json& said);

/// `copy #2`
std::string attempt_words(const nlohmann::json& of);

/// Lines with all that is known of them, for programs.
table agent_line_table(const nlohmann::json& lines);

} // namespace skein::console
