#pragma once

#include "store/log_layout.hpp"

namespace skein::store {

// A log of format 1 kept each record under a key of its own, beside `snapshots` and `meta` as they
// are today (keys.hpp):
//
//   events   sequence:be64                    the record's bytes
//   streams  stream 0x00 first-version:be64   first-sequence:be64 count:be32

/// Whether the folder holds a log of format 1, or one whose upgrade was interrupted.
bool holds_format_one(const std::filesystem::path&);

/// The last sequence of such a log, opened as the request says but for inspection.
tl::expected<uint64_t, open_error> last_sequence_of_format_one(open_request);

/// Makes it a log of today's format, inside the same database: all records are copied into
/// `chunks`, which then go to table files as a whole, the `format` entry is changed with an fsync,
/// and the old families are dropped. Until the entry is changed the log is of format 1, and an
/// upgrade that was interrupted starts again; after that only the dropping is left to do.
/// While it lasts, the log takes twice its room.
expected<void> upgrade_format_one(const open_request&, const log_options&);

} // namespace skein::store
