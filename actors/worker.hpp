#pragma once

#include "actors/agent_voice.hpp"
#include "actors/alarm.hpp"
#include "actors/coordinator_ports.hpp"
#include "actors/door.hpp"
#include "actors/report_queue.hpp"
#include "actors/runner.hpp"
#include "actors/worker_facts.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <vector>

namespace skein::actors {

struct worker_ports {
  lease_port lease;
  report_port report;
  heartbeat_port heartbeat;
  say_port say;
};

struct worker_options {
  uint32_t slots = 1;
  std::chrono::milliseconds lease_ttl{15'000}; ///< until the first assignment says it
  std::chrono::milliseconds lease_wait{2'000}; ///< a coordinator that dies leaves it unanswered
  std::chrono::milliseconds grace{5'000};      ///< between asking an attempt to end and killing it
  std::chrono::milliseconds farewell{3'000};   ///< for the last reports of a worker that stops
};

/// INTERNAL to the worker: what comes back from its ports and runs.
struct lease_answer {
  expected<bus::lease_reply> reply;
};

struct report_answer {
  expected<bus::report_reply> reply;
};

struct heartbeat_answer {
  moment sent;
  std::vector<attempt_key> leases; ///< as they were sent
  expected<bus::heartbeat_reply> reply;
};

struct attempt_ended {
  attempt_key which;
  run_result result;
};

} // namespace skein::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::lease_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::report_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::heartbeat_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::attempt_ended)

namespace skein::actors {

using worker_actor = caf::typed_actor<
    // Ends all attempts, reports them as lost, and then ends the worker.
    caf::reacts_to<atom::stop>,
    // INTERNAL: answers of the coordinator.
    caf::reacts_to<lease_answer>, caf::reacts_to<report_answer>, caf::reacts_to<heartbeat_answer>,
    // INTERNAL: a run is over.
    caf::reacts_to<attempt_ended>,
    // INTERNAL: something is due.
    caf::reacts_to<atom::tick>>;

/// Why an attempt that still runs is being ended.
enum class fate : uint8_t {
  none,
  revoked, ///< the coordinator took the lease away: nothing is reported
  fenced,  ///< the coordinator was silent for so long that the lease may be another's by now
  stopped, ///< the worker itself stops
};

/// One attempt under way.
struct held_attempt {
  uint32_t number = 0;
  std::chrono::milliseconds lease_ttl{0};
  moment confirmed; ///< the coordinator knew of the lease then
  actors::fate fate = fate::none;
  std::shared_ptr<gauge> how_far = std::make_shared<gauge>();
  std::unique_ptr<run> process;
};

/// State of a worker: pulls leases, runs their attempts, and reports how they ended. It holds on
/// to nothing that the coordinator's log does not know.
struct worker_state {
  static constexpr const char* name = "worker";

  worker_options options;
  worker_ports ports;
  worker_facts facts;
  std::shared_ptr<runner> runs;
  std::shared_ptr<door<worker_actor>> back; ///< for callbacks
  alarm wake;

  std::map<attempt_key, held_attempt> attempts;
  report_queue reports;

  bool is_known = false; ///< a heartbeat was answered: what an earlier life held has been ended
  moment next_heartbeat{};
  uint32_t heartbeats_failed = 0;

  bool is_asking = false;
  moment asked{};
  moment next_ask{};
  uint32_t asks_failed = 0;

  bool is_stopping = false;
  moment stop_by{};
};

/// A worker of a fleet pool. While the coordinator or the bus is away attempts go on, up to the end
/// of their leases; a result is reported until there is a verdict. Never blocks for long: runs and
/// ports call back.
worker_actor::behavior_type worker(worker_actor::stateful_pointer<worker_state> self,
                                   worker_options options, worker_ports ports, worker_facts facts,
                                   std::shared_ptr<runner> runs);

} // namespace skein::actors
