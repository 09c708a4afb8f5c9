#pragma once

#include "config/catalog.hpp"
#include "events/failure.hpp"
#include "store/metadata_store.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace skein::actors {

struct import_summary {
  std::size_t added = 0, changed = 0, removed = 0, unchanged = 0; ///< documents
  /// A sentence for each dataset whose version in the folder was passed over.
  std::vector<std::string> kept;
};

/// Makes the store say what the folder says, in one atomic write; documents that stay the same keep
/// their revision. What the folder no longer has is removed.
///
/// A dataset's current version is the store's once a migration has written it back: from then on
/// the folder's is passed over, so that an old checkout cannot undo a migration.
///
/// Writes from metadata_api at the same time are safe: the import starts again when one comes in
/// between.
expected<import_summary> import_catalog(const config::catalog& folder, store::metadata_store& into);

} // namespace skein::actors
