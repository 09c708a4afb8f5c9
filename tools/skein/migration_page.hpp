#pragma once

#include "events/migration.hpp"
#include "tools/skein/terminal.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

/// A migration as `skein show` and `skein replay` show it to people, from the query API's JSON.
/// Every function answers whole lines, or nothing when there is nothing to say.
namespace skein::console {

/// Id, phase, why, dataset, owner, steps, then what the steps' outputs say.
std::string migration_page(const terminal&, const nlohmann::json& migration,
                           migration::timestamp now);

/// What agents found out, whatever step they ran in: verdicts on consumers, changes column by
/// column, phases with rows and bytes, quality results, and who was told. Known by the outputs'
/// members, so that agents of others can say the same.
std::string outputs_page(const terminal&, const nlohmann::json& steps);

/// What to do next about a migration that rests unfinished, with the commands for it, which start
/// with `program`.
std::string advice(const terminal&, const nlohmann::json& migration, const std::string& program);

/// A title above a part of the page, with an empty line before it.
std::string part_title(const terminal&, const std::string& title);

} // namespace skein::console
