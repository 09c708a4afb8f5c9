#pragma once

#include "events/migration.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/terminal.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

/// A migration as `skein show` and `skein replay` show it to people, from the query API's JSON.
/// Every function answers whole lines, or nothing when there is nothing to say.
namespace skein::console {

/// Id, phase, why, dataset, owner, steps, then what the steps' outputs say.
std::string migration_page(const terminal&, const nlohmann::json& migration,
                           migration::timestamp now);

/// Id, phase, why, dataset, owner: what is above the steps.
std::string migration_heading(const terminal&, const nlohmann::json& migration,
                              migration::timestamp now);

/// The steps alone, as a table.
table steps_table(const nlohmann::json& migration, migration::timestamp now);

/// How long a step's newest attempt took, or has been running for; empty if there was none.
std::string step_time(const nlohmann::json& step, migration::timestamp now);

/// What a step waits for, or why it is as it is.
std::string step_note(const nlohmann::json& step);

/// What agents found out, whatever step they ran in: verdicts on consumers, changes column by
/// column, phases with rows and bytes, quality results, and who was told. Known by the outputs'
/// members, so that agents of others can say the same.
std::string outputs_page(const terminal&, const nlohmann::json& steps);

/// What to do next about a migration that rests unfinished, with the commands for it, which start
/// with `program`.
std::string advice(const terminal&, const nlohmann::json& migration, const std::string& program);

/// An order that may bring a migration on which rests unfinished, and when to give it.
struct next_order {
  const char* order;
  const char* when;
};

/// Those orders, the likeliest first.
std::vector<next_order> next_orders(const nlohmann::json& migration);

/// The sentence above them; empty if there are none.
std::string next_heading(const nlohmann::json& migration);

/// A title above a part of the page, with an empty line before it.
std::string part_title(const terminal&, const std::string& title);

} // namespace skein::console
