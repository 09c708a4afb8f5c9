#pragma once

#include "cluster/streams.hpp"
#include "events/failure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skein::cluster {

/// A dataset's name as exactly one token of a NATS subject: bytes outside [A-Za-z0-9_-] become
/// `=HH`, upper-case hexadecimal. "sales.orders v2" is "sales=2Eorders=20v2". An empty name has no
/// token.
expected<std::string> encode_token(std::string_view name);
/// The name that encode_token() made this token of; anything else is refused.
expected<std::string> decode_token(std::string_view token);

/// Every subject and stream of Skein. Version 1 is part of their names: what changes the meaning of
/// a message gets another number.
namespace subjects {

/// Scanners to intake: dataset, current version, target version. An agent's OUTPUT_TOPIC may name
/// another subject for the same.
inline constexpr auto actions = "honk.actions.migrate";
/// Intake to people: actions that could not be made sense of.
inline constexpr auto dead_letter = "skein.v1.dead_letter.migrate";
/// Signed tree heads.
inline constexpr auto audit_head = "skein.v1.audit.head";
inline constexpr auto status_all = "skein.v1.status.>";
inline constexpr auto notify_all = "skein.v1.notify.>";
inline constexpr auto told_all = "skein.v1.told.>";

/// Each committed event. `event` is one token already, e.g. "step_started".
expected<std::string> status(std::string_view dataset, std::string_view event);
/// All events of one dataset.
expected<std::string> status_of(std::string_view dataset);

/// Workers to the coordinator, request and reply. A pool's name is encoded like a dataset's.
expected<std::string> fleet_lease(std::string_view pool);
expected<std::string> fleet_report(std::string_view pool);
expected<std::string> fleet_heartbeat(std::string_view pool);

expected<std::string> notify(std::string_view channel);
/// nats-sender to whoever listens for an owner: what a digest says to it.
expected<std::string> told(std::string_view owner);
/// Asks the scanner role to run now, request and reply in JSON: {"agent": "..."}, or {} for all
/// scheduled agents.
inline constexpr auto scanner_run = "skein.v1.scanner.run";

/// An agent's status lines.
expected<std::string> agent_log(std::string_view agent);
inline constexpr auto agent_log_all = "skein.v1.agents.*.log";

} // namespace subjects

namespace streams {

inline constexpr auto actions = "SKEIN_ACTIONS";
inline constexpr auto status = "SKEIN_STATUS";
inline constexpr auto notify = "SKEIN_NOTIFY";
inline constexpr auto told = "SKEIN_TOLD";
inline constexpr auto audit = "SKEIN_AUDIT";
inline constexpr auto dead_letters = "SKEIN_DEAD_LETTERS";

/// The configuration of every stream, for bus::ensure_stream(). `action_subjects` are the subjects
/// that intake listens on: subjects::actions and the OUTPUT_TOPICs in use; repeats do no harm.
std::vector<stream_config> all(const std::vector<std::string>& action_subjects);

} // namespace streams

} // namespace skein::cluster
