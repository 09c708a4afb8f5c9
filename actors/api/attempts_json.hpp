#pragma once

#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/log_reader.hpp"

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::actors {

/// What an attempt that runs last said of itself; null if nothing. Empty: nobody knows.
using progress_of = std::function<nlohmann::json(const std::string& migration, uint64_t epoch)>;

/// GET /v1/migrations/<id>/attempts: every try at a step, oldest first, from the log.
query_response attempts_of(const store::log_reader& log, const std::string& id,
                           const query_parameters&, migration::timestamp now,
                           const progress_of& progress);

} // namespace skein::actors
