#pragma once

#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/log_reader.hpp"
#include "store/view_store.hpp"

namespace skein::actors {

/// GET /v1/migrations (query_api.hpp says what the parameters mean).
///
/// By id the rows are visited from where the last page ended. What changed last, of all, is read
/// from the end of the log. In any other order all rows are looked at for each page, and the best
/// are kept. For one that pages through by `changed`, a migration that changes meanwhile moves to
/// an end, and all others stay where they are.
query_response list_migrations(const store::log_reader& log, const store::view_reader& view,
                               const query_parameters&, migration::timestamp now);

} // namespace skein::actors
