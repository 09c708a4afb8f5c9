#pragma once

#include "actors/list_row.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

/// Migrations as the query API shows them. Times are RFC 3339, or null for what has not happened.
namespace skein::actors {

/// One line of a list: `{id, dataset, current_version, target_version, phase, step, attempts,
/// owner, scan, requested_at, changed_at, why, failure}`.
nlohmann::json summary_json(const std::string& id, const list_row&);
nlohmann::json summary_json(const std::string& id, const view_row&);

/// Everything: the summary, and labels, workflow, and each step with its attempts, times, worker,
/// output (as JSON) and last failure.
nlohmann::json full_json(const std::string& id, const view_row&);

} // namespace skein::actors
