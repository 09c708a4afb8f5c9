#pragma once

#include "store/database.hpp"
#include "store/event_log.hpp"

namespace skein::store {

/// Indexes of the log's column families in database::family(). RocksDB insists on a default one;
/// the log keeps nothing in it.
enum log_family : size_t { unused, chunks, index, snapshots, meta };

inline constexpr std::string_view log_noun = "event log";
inline constexpr std::string_view log_format = "skein event log";
inline constexpr unsigned log_format_version = 2;

/// The log's families with the settings that they were measured to want, in the enum's order.
std::vector<rocksdb::ColumnFamilyDescriptor> log_families(const log_options&);

/// Opens the log's database.
tl::expected<std::unique_ptr<database>, open_error> open_log_database(const open_request&,
                                                                      const log_options&);

} // namespace skein::store
