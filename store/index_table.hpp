#pragma once

#include "store/log_layout.hpp"

namespace skein::store {

/// The table file that index_writer makes and hands over to RocksDB, which links it under a name of
/// its own. It is kept until the manifest names it for good: where the manifest's fsync fails,
/// RocksDB removes its own link, though the name may already be on disk, and could then not open.
std::filesystem::path index_table_file(const std::filesystem::path& folder);

/// Links a kept table under the name that RocksDB misses it by, if there is one and it does. To be
/// called before the log is opened for writing.
expected<void> give_back_index_table(const open_request&, const log_options&);

} // namespace skein::store
