#pragma once

#include "actors/view_row.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

/// Migrations as the query API shows them. Times are RFC 3339, or null for what has not happened.
namespace skein::actors {

/// The step a migration is at: the one that keeps it from going on, else the one that runs, else
/// the next. Nothing when all have succeeded or none exist.
std::optional<std::size_t> current_step(const migration::state&);

/// One line of a list: `{id, dataset, current_version, target_version, phase, step, attempts,
/// owner, scan, requested_at, changed_at, why}`.
nlohmann::json summary_json(const std::string& id, const view_row&);

/// Everything: the summary, and labels, workflow, and each step with its attempts, times, worker,
/// output (as JSON) and last failure.
nlohmann::json full_json(const std::string& id, const view_row&);

} // namespace skein::actors
