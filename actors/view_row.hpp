#pragma once

#include "events/failure.hpp"
#include "events/migration.hpp"
#include "events/record.hpp"
#include "store/log_reader.hpp"
#include "store/view_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// The read model: what the log comes to, migration by migration, so that lists need no replay.
/// The log stays the only truth: a view that is lost, or not of this log, is built again.
///
///   key            value
///   -------------  --------------------------------------------------------------------------
///   "m/" id        version:be64 sequence:be64 phase:u8 length:be32 unreadable state
///   "l/" id        what lists say of it (list_row.hpp)
///   "f/" id        likewise; there while the migration rests for a failure
///   "phase/" …, "owner/" …, "failed"  for lists (list_row.hpp, failed_changed.hpp)
///   "busy/" id     nothing; there while an attempt of the migration runs
///   "wait/" p at id  nothing; there while the migration owes something. `p`: how far its priority
///                  is below the highest, u8; `at`: when it was asked for, be64 microseconds. So
///                  they stand in the order in which they are to be taken up
///   "remind/" at id  nothing; there while the migration rests and its owner is to be told again,
///                  `at` that time, be64 microseconds
///   "count/" name  be64: how many rows have that phase
///   "log"          log id, "/", state_schema, "/", view_schema: what the view was made from
namespace skein::actors {

inline constexpr std::string_view row_key = "m/";
inline constexpr std::string_view busy_key = "busy/";
inline constexpr std::string_view wait_key = "wait/";
inline constexpr std::string_view remind_key = "remind/";
inline constexpr std::string_view count_key = "count/";

/// Of the keys above; a view of another is made anew.
inline constexpr uint32_t view_schema = 6;

/// The key in "wait/", and the id in such a key.
std::string wait_key_of(const std::string& id, const migration::state& now);
std::string id_in_wait_key(std::string_view key);

/// The key in "remind/", empty if there is none; and the time and the id in such a key.
std::string remind_key_of(const std::string& id, const migration::state& now);
std::optional<std::pair<migration::timestamp, std::string>> in_remind_key(std::string_view key);

/// A migration as the view has it.
struct view_row {
  uint64_t version = 0;  ///< of its stream: how many of its events are folded in
  uint64_t sequence = 0; ///< of the newest of them
  migration::state state;
  /// Not empty: why its events can no longer be folded; `state` is from before, or blank.
  std::string unreadable;

  bool operator==(const view_row&) const = default;
};

std::string encode_row(const view_row&);
expected<view_row> decode_row(std::string_view bytes);

/// The phase in a row's bytes without the cost of decoding them; empty if they are not a row.
std::string_view peek_phase(std::string_view bytes);

/// The sequence of a row's newest event, likewise; 0 if they are not a row.
uint64_t peek_sequence(std::string_view bytes);

inline constexpr std::string_view unreadable_phase = "unreadable";

/// `running` and so on, or `unreadable`.
std::string_view phase_name(const view_row&);

/// Whether a migration rests for a failure in the phase of that name.
bool is_failed(std::string_view phase_name);

/// The phase as a row's bytes have it, and its name again.
char mark_of(const view_row&);
std::string_view name_of_mark(char mark);

/// Folds a migration's next event in. Events at or below the row's version change nothing, so
/// that a repeat is harmless; a gap, or an event whose folding throws, makes the row unreadable.
/// Once it is, only version and sequence move on. Pure.
view_row project(view_row row, uint64_t sequence, const record& what);

/// What to say of a row that is none.
failure row_damage();

/// Whether the view was made from this log, by this version of Skein. An empty one is anybody's.
bool is_view_of(const store::view_reader& view, const store::log_reader& log);

/// `movies` and `v2` of `movies@v2`. Total: any text has a dataset, perhaps without a version.
std::string dataset_of(std::string_view migration_id);
std::string target_version_of(std::string_view migration_id);

} // namespace skein::actors
