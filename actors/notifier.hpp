#pragma once

#include "actors/agent_voice.hpp"
#include "actors/alarm.hpp"
#include "actors/coordinator_ports.hpp"
#include "actors/door.hpp"
#include "actors/notice_book.hpp"
#include "actors/worker_facts.hpp"

#include <functional>
#include <map>
#include <memory>

namespace skein::actors {

struct notifier_ports {
  report_port report;
  heartbeat_port heartbeat;
  say_port say;
};

struct notifier_options {
  std::map<std::string, config::agent> agents; ///< by channel
  variables defaults;                          ///< see default_environment
  std::chrono::milliseconds lease_ttl{15'000};
  std::chrono::milliseconds gather_max{30'000};  ///< for notices of a digest that do not come
  std::chrono::milliseconds touch_every{10'000}; ///< well below the bus's ack_wait
  std::chrono::milliseconds retry_after{30'000}; ///< for what failed and no step stands for
  std::chrono::milliseconds grace{5'000};
  std::chrono::milliseconds farewell{3'000};
  /// How long a notice of that kind must wait now: it is a quiet hour. What is published then, or
  /// failed before and comes again, is given back to the bus until it is over.
  std::function<std::chrono::milliseconds(const std::string& kind)> quiet_for
      = [](const std::string&) { return std::chrono::milliseconds{0}; };
};

/// INTERNAL to the notifier: what comes back from its ports and runs.
struct notices_told {
  uint64_t batch = 0;
  run_result result;
};

struct notice_heartbeat_answer {
  moment sent;
  std::vector<attempt_key> leases;
  expected<bus::heartbeat_reply> reply;
};

struct notice_report_answer {
  expected<bus::report_reply> reply;
};

} // namespace skein::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::notice_delivery)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::notices_told)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::notice_heartbeat_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::notice_report_answer)

namespace skein::actors {

using notifier_actor = caf::typed_actor<
    // A notice came from the bus.
    caf::reacts_to<notice_delivery>,
    // Ends the runs under way, gives back what is not told, and then ends the notifier.
    caf::reacts_to<atom::stop>,
    // INTERNAL: a channel's agent is done with a batch.
    caf::reacts_to<notices_told>,
    // INTERNAL: answers of the coordinator.
    caf::reacts_to<notice_heartbeat_answer>, caf::reacts_to<notice_report_answer>,
    // INTERNAL: something is due.
    caf::reacts_to<atom::tick>>;

/// State of the notifier: tells people, a whole digest in one run of the channel's agent. A notice
/// is acknowledged only after the coordinator's verdict on it, so a crash repeats a mail at worst;
/// a digest keeps its id, by which the repeat can be recognised.
struct notifier_state {
  static constexpr const char* name = "notifier";

  notifier_options options;
  notifier_ports ports;
  worker_facts facts;
  std::shared_ptr<runner> runs;
  std::shared_ptr<door<notifier_actor>> back;
  alarm wake;

  notice_book book{std::chrono::seconds{30}};
  std::map<uint64_t, std::unique_ptr<run>> running; ///< by batch
  report_queue reports;
  recent_set told_parts{1'000}; ///< ids under which digests were told

  moment next_heartbeat{};
  uint32_t heartbeats_failed = 0;
  moment next_touch{};
  bool is_stopping = false;
  moment stop_by{};
};

/// All channels of one process share one notifier: it speaks for one worker, whose heartbeats must
/// name all its leases.
notifier_actor::behavior_type notifier(notifier_actor::stateful_pointer<notifier_state> self,
                                       notifier_options options, notifier_ports ports,
                                       worker_facts facts, std::shared_ptr<runner> runs);

} // namespace skein::actors
