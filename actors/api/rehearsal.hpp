#pragma once

#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/log_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace skein::actors {

class catalog_api;
class query_api;

/// What an order would do: decided on the state that the log has now, by the same function as the
/// real order, and neither persisted nor acted upon. The events are answered as they would stand in
/// the log, and a refusal as the real order would be refused. Any thread.
///
/// What another order does in between can make the real one end otherwise.
query_response rehearse(const store::log_reader& log, const std::string& id,
                        const migration::command& cmd, std::optional<uint64_t> if_version = {});

/// What a scan would ask for: the datasets that are pending, apart by whether their migration is
/// there already, which a scan leaves as it is.
query_response rehearse_scan(const catalog_api& catalog, const query_api& queries);

} // namespace skein::actors
