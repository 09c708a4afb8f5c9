#pragma once

#include "actors/api/event_feed.hpp"
#include "actors/api/query_response.hpp"
#include "events/migration.hpp"
#include "store/log_reader.hpp"
#include "store/view_store.hpp"

#include <string>

/// The queries that are answered from the log itself; query_api.hpp says what they mean.
namespace skein::actors {

query_response all_events(const store::log_reader& log, const store::view_reader& view,
                          const query_parameters&, migration::timestamp now);

query_response events_of(const store::log_reader& log, const store::view_reader& view,
                         const std::string& id, const query_parameters&, migration::timestamp now);

query_response replay_of(const store::log_reader& log, const store::view_reader& view,
                         const std::string& id, const query_parameters&, migration::timestamp now);

query_response stream_events(event_feed& feed, const store::log_reader& log,
                             const store::view_reader& view, const query_parameters&,
                             const std::string& last_event_id, std::string who,
                             migration::timestamp now);

query_response no_such_migration(const std::string& id);

query_response replay_all(const store::log_reader& log, const query_parameters&,
                          migration::timestamp now);

query_response diff_all(const store::log_reader& log, const query_parameters&,
                        migration::timestamp now);

} // namespace skein::actors
