#pragma once

#include "actors/api/point_in_time.hpp"
#include "actors/view_row.hpp"
#include "store/log_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// States as they were, folded again from the log alone.
namespace skein::actors {

/// Where a replay ends: behind the last event that is within all three.
struct replay_end {
  std::optional<point_in_time> at;
  uint64_t until = UINT64_MAX;   ///< sequence: keeps a log that grows from showing more each time
  uint64_t version = UINT64_MAX; ///< of the migration's own events
};

struct replayed {
  view_row row;                 ///< version 0: the migration did not exist yet
  migration::timestamp at{};    ///< of the newest event folded in
  migration::timestamp first{}; ///< of the migration's first event
  uint64_t first_sequence = 0;  ///< 0: there is no such migration
};

expected<replayed> replay(const store::log_reader& log, const std::string& id, const replay_end&);

/// SHA-256, as hexadecimal digits, of the id, a zero byte, the version as 8 bytes (most significant
/// first), and the state as it is encoded in a snapshot (Protobuf skein.v1.State,
/// events/log.proto). The same on every machine.
std::string state_digest(const std::string& id, const view_row&);

} // namespace skein::actors
