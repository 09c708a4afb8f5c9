#pragma once

#include "agents/agent_io.hpp"
#include "agents/dataset_migration.hpp"
#include "agents/metadata_client.hpp"

#include <nlohmann/json_fwd.hpp>

namespace skein::agents {

/// The `rollback` step: puts a dataset back to the version that its migration started from. First
/// the metadata store is told, by compare-and-set, so that nobody begins to read what goes away;
/// then the folder that the migration published moves aside, in the folder that holds it (one
/// rename, also where that is a file system of its own), to
///
///     .rolled-back/<migration>/<n>/        n: the attempt's epoch
///
/// It is kept there, and nothing stands in the way of a second try. A folder that the migration did
/// not publish stays where it is. Gives up while the data of the old version are not there, and
/// when the store says neither version. Safe to repeat after a crash at any point.
outcome<nlohmann::json> roll_back_dataset(const metadata_client&, const attempt&,
                                          const migration_place&);

} // namespace skein::agents
