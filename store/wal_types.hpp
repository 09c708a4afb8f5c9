#pragma once

#include "events/failure.hpp"

#include <filesystem>

namespace skein::store {

/// Fails if a write-ahead log in the folder holds a record of a type that only reused log files
/// have. We reuse none, so it is a flipped bit; and RocksDB, reading beside a writer, would wait
/// for ever for what comes after such a record.
expected<void> check_wal_types(const std::filesystem::path& folder);

} // namespace skein::store
