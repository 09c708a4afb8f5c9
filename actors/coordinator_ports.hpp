#pragma once

#include "events/bus.hpp"
#include "events/failure.hpp"

#include <functional>

/// How a role that runs attempts reaches the coordinator, so that a test can stand in between.
/// Calls must not block; an answer comes exactly once, from any thread, perhaps before the call
/// has returned.
namespace skein::actors {

using lease_port
    = std::function<void(bus::lease_request, std::function<void(expected<bus::lease_reply>)>)>;
using report_port
    = std::function<void(bus::report, std::function<void(expected<bus::report_reply>)>)>;
using heartbeat_port
    = std::function<void(bus::heartbeat, std::function<void(expected<bus::heartbeat_reply>)>)>;

/// Says a line of an agent to whoever listens now; may be lost.
using say_port = std::function<void(bus::agent_line)>;

} // namespace skein::actors
