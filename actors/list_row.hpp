#pragma once

#include "actors/view_row.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a list says of a migration, and what it is filtered and sorted by, without the rest: a list
/// reads these rows of some hundred bytes instead of whole states with their workflows and outputs.
///
///   key            value
///   -------------  --------------------------------------------------------------------------
///   "f/" id        the same as under "l/", while the migration rests for a failure
///   "phase/" name "/" id    nothing; for those in any other phase, so that lists of one that few
///                  are in need not look at all
///   "owner/" owner 0x00 id  nothing; for those with that label, likewise
///   "l/" id        phase:u8 flags:u8 priority:i8 sequence:be64 requested:be64 changed:be64
///                  step-status:u8 attempts:varint current-version step scan failure-group why
///                  labels:varint (name value)* failure*
///
/// A text stands behind its length (store/varint.hpp). Part of the view's schema.
namespace skein::actors {

inline constexpr std::string_view list_key = "l/";

/// Those that rest for a failure once more: they are few, and what is asked for most.
inline constexpr std::string_view failed_key = "f/";

inline constexpr std::string_view phase_key = "phase/";
inline constexpr std::string_view owner_key = "owner/";

/// What the keys of all migrations in a phase begin with, or of all of one owner.
std::string phase_prefix(std::string_view phase_name);
std::string owner_prefix(std::string_view owner);

/// The owner a migration has, as its labels say; empty if they do not.
std::string_view owner_of(const migration::state&);

/// Texts that make a row longer than this are left out of it, and the row says that it is cut:
/// what needs them reads the row under "m/" instead.
inline constexpr std::size_t list_row_most = 600;

std::string encode_list_row(const std::string& id, const view_row&,
                            std::size_t most = list_row_most);

/// A row as its bytes have it, and valid as long as they are: nothing is copied.
struct list_row {
  std::string_view phase; ///< `running` and so on, or `unreadable`
  bool is_paused = false;
  bool is_cut = false; ///< without `why`, labels and failures
  int32_t priority = 0;
  uint64_t sequence = 0;
  migration::timestamp requested_at{}, changed_at{};
  std::optional<migration::step_status> step_status; ///< of `step`
  uint64_t attempts = 0;
  std::string_view current_version, step, scan;
  std::string_view failure_group; ///< failure_group.hpp; empty: it does not rest for a failure
  std::string_view why;           ///< why it rests, or is tried again
  std::string_view packed_labels, packed_failures;

  /// Nothing if the bytes are not such a row.
  static std::optional<list_row> read(std::string_view bytes);

  /// The value of a label; empty if there is none.
  std::string_view label(std::string_view name) const;
  bool has_label(std::string_view name, std::string_view value) const;

  /// What its steps failed of last, where that is not `why`.
  std::vector<std::string_view> failures() const;
};

/// The phase in a row's bytes without reading the rest; empty if they are no row.
std::string_view peek_list_phase(std::string_view bytes);

/// The step a migration is at: the one that keeps it from going on, else the one that runs, else
/// the next. Nothing when all have succeeded or none exist.
std::optional<std::size_t> current_step(const migration::state&);

} // namespace skein::actors
