#pragma once

#include "actors/agent_voice.hpp"
#include "actors/alarm.hpp"
#include "actors/ambient.hpp"
#include "actors/door.hpp"
#include "actors/schedule_keeper.hpp"
#include "actors/worker_facts.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace skein::actors {

struct scanner_ports {
  say_port say;
  std::function<expected<void>(const last_runs&)> save;
};

struct scanner_options {
  std::vector<config::agent> agents; ///< any of the workspace's; those with a schedule keep it
  variables defaults;                ///< see default_environment
  last_runs last;
  std::chrono::milliseconds retry_after{30'000}; ///< once, for a run that asks for it (exit 75)
  std::chrono::milliseconds grace{5'000};
};

/// What became of a wish for a run now.
struct scan_reply {
  std::string scan; ///< of the runs started, or else of one already under way
  std::vector<std::string> started;
  std::vector<std::string> running; ///< not started, since they run already
  std::string error;                ///< why nothing could be started
};

/// A wish to run an agent now, or (empty) all that have a schedule. `reply` is called once, on any
/// thread.
struct scan_call {
  std::string agent;
  std::function<void(const scan_reply&)> reply;
};

/// A run of an agent for a scan.
struct scan_key {
  std::string scan;
  std::string agent;

  auto operator<=>(const scan_key&) const = default;
};

/// INTERNAL to the scanner.
struct scan_ended {
  scan_key which;
  run_result result;
};

} // namespace skein::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::scan_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::scan_ended)

namespace skein::actors {

using scanner_actor = caf::typed_actor<
    // Somebody wants a run now.
    caf::reacts_to<scan_call>,
    // Ends the runs under way, and then the scanner.
    caf::reacts_to<atom::stop>,
    // INTERNAL: a run is over.
    caf::reacts_to<scan_ended>,
    // INTERNAL: something is due.
    caf::reacts_to<atom::tick>>;

struct scan_run {
  std::unique_ptr<run> process; ///< none while a retry waits
  std::optional<moment> retry_at;
  bool was_retried = false;
};

/// State of the scanner: runs agents by the clock and on demand, outside any migration.
struct scanner_state {
  static constexpr const char* name = "scanner";

  scanner_options options;
  scanner_ports ports;
  worker_facts facts;
  std::shared_ptr<runner> runs;
  ambient world;
  std::shared_ptr<door<scanner_actor>> back;
  alarm wake;

  std::unique_ptr<schedule_keeper> schedule;
  std::map<scan_key, scan_run> running;
  moment next_look{};
  bool is_stopping = false;
  moment stop_by{};
};

/// The end of every run is a line of its agent with the stream `result`, whose text is JSON:
/// `{"scan": "...", "ok": true, "output": {...}}`, or `false` with `class` and `why`.
scanner_actor::behavior_type scanner(scanner_actor::stateful_pointer<scanner_state> self,
                                     scanner_options options, scanner_ports ports,
                                     worker_facts facts, std::shared_ptr<runner> runs,
                                     ambient world);

} // namespace skein::actors
