#pragma once

#include "events/record.hpp"

#include <string>

namespace skein {

/// One committed event as everybody may read it: proto JSON of `skein.v1.Status`
/// (events/bus.proto), on one line. What the status subject carries and `skein events --json`
/// prints.
std::string status_json(uint64_t sequence, const record&);

/// The event alone: proto JSON of `skein.v1.Event` (events/log.proto), on one line.
std::string event_json(const migration::event&);

/// RFC 3339 with microseconds and `Z`.
std::string rfc3339(migration::timestamp);

} // namespace skein
