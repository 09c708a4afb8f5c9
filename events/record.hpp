#pragma once

#include "events/failure.hpp"
#include "events/migration.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein {

/// One event as the log keeps it: with its place in its migration, who, when and why.
struct record {
  std::string migration;
  uint64_t version = 0; ///< 1 for the migration's first event
  migration::timestamp at;
  std::string actor;
  std::string reason;
  migration::event event;
  /// Set on the first event a command caused; `caused` counts all of them, this one included.
  std::optional<migration::command> command;
  uint32_t caused = 0;
};

/// Wraps the events of one decision, the first of them with its command.
std::vector<record> make_records(const std::string& id, uint64_t version_before,
                                 const migration::command& cmd,
                                 const std::vector<migration::event>& events);

/// The log's bytes of a record: Protobuf `skein.v1.Record` (events/log.proto).
std::string encode(const record&);

/// Fails on bytes that are not a record, and on an event or command this version does not know.
expected<record> decode_record(std::string_view bytes);

/// The same without the command, which neither a fold nor a reader of events needs: in half the
/// time.
expected<record> decode_without_command(std::string_view bytes);

/// Version of the snapshot's schema; a snapshot of another version is not used.
inline constexpr uint32_t state_schema = 2;

/// A snapshot's bytes. Equal states give equal bytes.
std::string encode(const migration::state&);

expected<migration::state> decode_state(std::string_view bytes);

} // namespace skein
