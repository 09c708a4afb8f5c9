#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The event log on disk: one RocksDB, one column family per line of this grammar.
///
///   family     key                                        value
///   ---------  -----------------------------------------  ---------------------------------------
///   chunks     first-sequence:be64                        append+ checksum:be32
///   index      stream 0x00 first-version:be64             run
///              0x00                                       indexed-up-to-sequence:be64
///   snapshots  stream                                     schema:be32 stream-version:be64 bytes
///   meta       "format"                                   "skein event log 2"
///              "log-id"                                   32 hex digits, drawn at creation
///              "cursor/" name                             sequence:be64
///
///   append  := text(stream) first-version count text(record{count})
///   record  := text(bytes, as they were given)
///   run     := last-version last-sequence place+
///   place   := chunk at count
///   text(x) := length x
///
/// `stream` is any non-empty byte string without 0x00, so one stream's keys are a contiguous range
/// that no other stream's keys fall into. be64 and be32 are unsigned, most significant byte first,
/// so that key order is numeric order. A number without a size is a varint (varint.hpp).
///
/// `chunks` is the log. A chunk holds whole appends of one commit, about 4 KiB of them, so that a
/// commit costs RocksDB one insertion for each chunk and not for each record, always at the end:
/// inserting is what bounds a busy journal. The checksum is CRC-32C over the key and all appends.
///
/// `index` says where a stream's records are, and could be made anew from `chunks` at any time. A
/// run is what a stream got while so many appends went by (log_options::cached_versions_max):
/// its places are in the order of their versions, the first of which is in the key. A place is an
/// append: `count` records that begin `at` records after the first of `chunk`. The chunk is written
/// as the difference to the place before. Example: a log of two appends in one commit, 3 records
/// to "orders@2" and then 1 to "users@5", and of a second commit with one more for "orders@2":
///
///   chunks     1 -> (orders@2 1 3 ...) (users@5 1 1 ...)      5 -> (orders@2 4 1 ...)
///   index      00 -> 5    orders@2 00 1 -> 4 5 (1 0 3) (4 0 1)    users@5 00 1 -> 1 4 (1 3 1)
///
/// Sequences start at 1 and are dense over the log; versions start at 1 and are dense in a stream.
///
/// One commit is one RocksDB write batch in one write-ahead log record with a checksum, so after a
/// crash it is there whole or not at all. `index` is never in the write-ahead log: sorted runs
/// arrive as whole table files, each with the sequence that it reaches, and what `chunks` has after
/// that sequence is kept in memory (recent_appends.hpp) and found again by the next opening. Beside
/// RocksDB's own files lies `acknowledged` (acknowledged_mark.hpp), by which a log that lost its
/// end is recognised, and for moments `index.new`, a table file in the making (index_table.hpp).
///
/// Format 1 had a family `events` with one key for each record and a family `streams` with one for
/// each append. Opening such a log for writing upgrades it (format_one.hpp).
///
/// The hash tree over the records is no part of the log: it is worked out from it, behind it, and
/// lives beside it in the audit store.
///
/// These values are on disk: a name or layout once released never changes its meaning. What
/// replaces one gets a new name, and the format number grows.
///
/// The view store, the metadata store and the audit store are one default column family each:
///
///   view       "format"                  "skein view 1"
///              "cursor"                  sequence:be64
///              "row/" key                the row's bytes
///   metadata   "format"                  "skein metadata 1"
///              "revision"                the newest revision given to any document: be64
///              "doc/" kind 0x00 id       revision:be64 json
///   audit      "format"                  "skein audit 1"
///              "log-id"                  of the log whose tree it is
///              "size"                    how many leaves the tree has: be64
///              "tile/" level:8 n:be64    up to 256 hashes of 32 bytes (tree_tiles.hpp)
///              "head/" ordinal:be64      the nth head signed, a note (tree_head.hpp)
///              "heads"                   the ordinal of the newest: be64
///              "key/" public key         empty: one entry for each key that ever signed a head
namespace skein::store::keys {

inline constexpr std::string_view format = "format";
inline constexpr std::string_view log_id = "log-id";
inline constexpr std::string_view cursor_prefix = "cursor/";
inline constexpr std::string_view indexed{"\0", 1};

inline constexpr std::string_view view_cursor = "cursor";
inline constexpr std::string_view row_prefix = "row/";

inline constexpr std::string_view newest_revision = "revision";
inline constexpr std::string_view document_prefix = "doc/";

inline constexpr std::string_view tree_size = "size";
inline constexpr std::string_view tile_prefix = "tile/";
inline constexpr std::string_view head_prefix = "head/";
inline constexpr std::string_view newest_head = "heads";
inline constexpr std::string_view key_prefix = "key/";

/// Appends a number, most significant byte first.
void put_be64(std::string& to, uint64_t value);
void put_be32(std::string& to, uint32_t value);

/// Takes a number off the front of `from`; nothing, and `from` as it was, if that is too short.
std::optional<uint64_t> take_be64(std::string_view& from);
std::optional<uint32_t> take_be32(std::string_view& from);

/// The number that is all of `from`; nothing if `from` has another length.
std::optional<uint64_t> whole_be64(std::string_view from);

/// A key of `chunks`; writing one costs no allocation.
std::array<char, 8> sequence(uint64_t);

/// A key of `index`.
std::string stream_entry(std::string_view stream, uint64_t first_version);

/// What every entry of a stream starts with, and nothing else does.
std::string stream_prefix(std::string_view stream);

struct entry_key {
  std::string_view stream;
  uint64_t first_version;
};
std::optional<entry_key> parse_stream_entry(std::string_view key);

} // namespace skein::store::keys
