#pragma once

#include "events/failure.hpp"

#include <filesystem>
#include <string_view>

namespace skein::store {

enum class folder_content {
  nothing,  ///< missing, empty, or with what a creation that never finished leaves behind
  database, ///< a RocksDB is there
};

/// Says what a folder holds before RocksDB may touch it. A folder with anything else in it is a
/// failure: RocksDB would happily create a new, empty database over one that lost its CURRENT file.
expected<folder_content> survey_folder(const std::filesystem::path&, std::string_view noun);

bool holds_table_files(const std::filesystem::path&);

/// Makes what was created, renamed or removed in the folder survive a power failure.
void sync_folder(const std::filesystem::path&);

} // namespace skein::store
