#pragma once

#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/view_store.hpp"

namespace skein::actors {

/// GET /v1/failures: what rests parked, held or quarantined, or cannot be read, put together by why
/// (failure_group.hpp), the largest group first. Of those that the filters of the list let through.
query_response list_failures(const store::view_reader& view, const query_parameters&,
                             migration::timestamp now);

} // namespace skein::actors
