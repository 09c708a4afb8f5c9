#pragma once

#include "store/event_log.hpp"

namespace rocksdb {
class Env;
} // namespace rocksdb

namespace skein::store {

/// open_log(), with RocksDB reaching its files through `files`, which outlives the log: the seam by
/// which tests put a disk that fails below it. The lock, the look at the folder and the mark of
/// what was acknowledged do not go through RocksDB and remain the operating system's.
expected<std::unique_ptr<event_log>>
open_log_through(rocksdb::Env& files, const std::filesystem::path&, const log_options& = {});

} // namespace skein::store
