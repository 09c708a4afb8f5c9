#pragma once

#include "events/failure.hpp"
#include "events/migration.hpp"

#include <cstdint>
#include <string_view>

namespace skein {

/// What folding needs of a record (record.hpp), and who and why, which is there for nothing. The
/// texts are views of the record's bytes.
struct event_of_record {
  std::string_view migration;
  uint64_t version = 0;
  migration::timestamp at;
  std::string_view actor, reason;
  migration::event event;
};

/// Reads only that much of a record, in half the time. Fails on bytes that are not a record,
/// and on an event this version does not know.
expected<event_of_record> decode_event(std::string_view bytes);

} // namespace skein
