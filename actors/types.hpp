#pragma once

// Every actor's protocol, in one file: read this first.
//
// A migration's way through them:
//
//   bus -> intake -> shard -> migration -> journal -> log
//                               |  ^
//                 offer, watch  v  | start_attempt, finish_attempt
//                              pool <-> workers (over NATS)
//                 offer, tell   v  |
//                             digest -> notifier (over NATS)
//
//   HTTP -> steersman -> shard -> log; pool, digest and the intake's pump look into his book
//
//   log -> relay -> status on NATS          log -> projector -> view -> queries
//   log -> notary -> hash tree, signed heads (also on NATS)

#include "actors/steering_book.hpp"
#include "actors/step_info.hpp"
#include "events/bus.hpp"
#include "events/migration.hpp"
#include "events/overloaded.hpp"
#include "store/event_log.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/message.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace skein::actors {

// -- vocabulary -------------------------------------------------------------------------------

/// A command on its way to the migration it is for.
struct deliver {
  std::string id;
  migration::command cmd;
  /// Decided only if the migration has this version by then; none: whatever it has.
  std::optional<uint64_t> if_version = {};
};

/// What a migration answers once its events are on disk.
struct receipt {
  uint64_t version = 0;
  migration::phase phase = migration::phase::blank;
  /// After `start_attempt`: what the worker is to do, without the agent's command line.
  std::optional<bus::assignment> started;
};

/// Whoever has something appended: hears of it once it is on disk, or that it will not be.
struct committed {
  uint64_t first_sequence = 0;
  uint64_t version = 0;
};

struct not_committed {
  store::append_error why;
};

using committer_actor = caf::typed_actor<caf::reacts_to<committed>, caf::reacts_to<not_committed>>;

struct append_request {
  store::append what;
  committer_actor who;
};

/// The log has grown up to this sequence number.
struct log_grew {
  uint64_t last_sequence = 0;
};

using log_listener_actor = caf::typed_actor<caf::reacts_to<log_grew>>;

struct offered {
  step_info what;
  migration::timestamp not_before;
  migration::timestamp since = {}; ///< when it came to want that; none: it was tried before
};

struct watched {
  step_info what;
  migration::watch lease;
};

/// An attempt is over, however it ended, as the log has it.
struct unwatched {
  std::string id;
  std::string step;
  uint64_t epoch = 0;
};

/// Whether a migration of a scan still has work before it that may change what its owner is told.
struct motion {
  std::string id;
  std::string scan;
  bool moving = false;
};

/// The migration rests unfinished and its owner is to be told.
struct to_tell {
  bus::notice what; ///< all but the digest and what the workspace says of tellings
  std::string scan;
  std::vector<std::string> told;   ///< channels that have told it already
  std::vector<std::string> asked;  ///< that were asked for then; empty: none has told it yet
  migration::timestamp since = {}; ///< when it came to be owed
};

/// There is nothing to tell of the migration any more: it was told, or goes on.
struct not_to_tell {
  std::string id;
  std::string scan;
};

/// A worker's call that came over the bus, with the way to answer it. `reply` may be called from
/// any thread, once; a call that is never answered times out at the worker.
template <class Call, class Reply>
struct bus_call {
  Call what;
  std::function<void(const Reply&)> reply;
};

using lease_call = bus_call<bus::lease_request, bus::lease_reply>;
using report_call = bus_call<bus::report, bus::report_reply>;
using heartbeat_call = bus_call<bus::heartbeat, bus::heartbeat_reply>;

/// A request taken off the bus, with the way to say that it is in the log (or never will be).
struct intake_item {
  bus::migrate_request what;
  std::function<void()> done;
  std::function<void(const std::string& why)> dead; ///< to the dead letters
  std::function<void()> again;                      ///< give it back
};

/// What the coordinator is doing, for `skein status`.
struct pool_status {
  uint64_t waiting = 0;
  uint64_t running = 0;
  std::vector<std::pair<std::string, uint32_t>> workers; ///< name, leases it holds
  std::vector<breaker_line> breakers;
};

/// Why a request to an actor failed.
enum class fault : uint8_t {
  refused = 1, ///< the migration's own decision; final
  log_failed,  ///< the log takes nothing more until the daemon is restarted
  unavailable, ///< not now: ask again
  changed,     ///< not at the version that was asked for; with the migration and the one it is at
};

std::string to_string(fault);

/// Renders a fault as a sentence; `actor_system::render` calls it.
std::string render(uint8_t code, caf::atom_value, const caf::message& context);

} // namespace skein::actors

CAF_ERROR_CODE_ENUM(skein::actors::fault, "fault")

// Nothing here crosses a process: on the bus and on disk everything is Protobuf. So CAF need not
// know how to serialize any of it.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::migration::command)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::deliver)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::not_committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::append_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::log_grew)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::steering_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::offered)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::watched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::unwatched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::motion)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::to_tell)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::not_to_tell)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::lease_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::report_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::heartbeat_call)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::intake_item)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(skein::actors::pool_status)

CAF_BEGIN_TYPE_ID_BLOCK(skein, caf::first_custom_type_id)
  CAF_ADD_ATOM(skein, skein::actors::atom, flush, "flush")
  CAF_ADD_ATOM(skein, skein::actors::atom, idle, "idle")
  CAF_ADD_ATOM(skein, skein::actors::atom, listen, "listen")
  CAF_ADD_ATOM(skein, skein::actors::atom, status, "status")
  CAF_ADD_ATOM(skein, skein::actors::atom, stop, "stop")
  CAF_ADD_ATOM(skein, skein::actors::atom, tick, "tick")
  CAF_ADD_ATOM(skein, skein::actors::atom, wake, "wake")
CAF_END_TYPE_ID_BLOCK(skein)

// -- handles ----------------------------------------------------------------------------------

namespace skein::actors {

using journal_actor = caf::typed_actor<
    // Appends and tells `who` how it went. Everything queued shares one fsync.
    caf::reacts_to<append_request>,
    // Tells the listener, from now on, whenever the log has grown.
    caf::reacts_to<atom::listen, log_listener_actor>,
    // INTERNAL: commits what has gathered.
    caf::reacts_to<atom::flush>>;

using migration_actor = committer_actor::extend<
    // A command for it; answered once its events are on disk.
    caf::replies_to<deliver>::with<receipt>,
    // Performs again all that is owed.
    caf::reacts_to<atom::wake>,
    // Ends the actor, once nothing is being written. The migration lives on in the log.
    caf::reacts_to<atom::stop>>;

using shard_actor = committer_actor::extend<
    // A command for one of its migrations, which is brought to life if need be.
    caf::replies_to<deliver>::with<receipt>,
    // Brings a migration to life so that it performs what it owes.
    caf::reacts_to<atom::wake, std::string>,
    // INTERNAL: a migration has nothing to do for now, or (true) waits with what it owes.
    caf::reacts_to<atom::idle, std::string, bool>,
    // Wakes migrations that wait, as far as there is room. Sent once by whoever has filled the ring
    // of shards, and then by the shard itself.
    caf::reacts_to<atom::tick>>;

using pool_actor = caf::typed_actor<
    // A step wants a worker.
    caf::reacts_to<offered>,
    // An attempt runs: watch its lease.
    caf::reacts_to<watched>,
    // An attempt is over.
    caf::reacts_to<unwatched>,
    // A worker asks for leases; kept until there is work or its patience ends.
    caf::reacts_to<lease_call>,
    // A worker tells how attempts ended.
    caf::reacts_to<report_call>,
    // A worker tells what it still holds, and hears what it no longer does.
    caf::reacts_to<heartbeat_call>,
    // For `skein status`.
    caf::replies_to<atom::status>::with<pool_status>,
    // INTERNAL: serves workers.
    caf::reacts_to<atom::flush>,
    // INTERNAL: looks after due offers, silent workers and patient requests.
    caf::reacts_to<atom::tick>>;

using digest_actor = caf::typed_actor<
    // A step that tells somebody wants to run.
    caf::reacts_to<offered>,
    // An owner is to be told that a migration rests unfinished.
    caf::reacts_to<to_tell>,
    // An owner need not be told any more.
    caf::reacts_to<not_to_tell>,
    // Whether a migration may still change what its owner is told.
    caf::reacts_to<motion>,
    // INTERNAL: closes digests that are complete or have waited long enough.
    caf::reacts_to<atom::tick>>;

using reminder_actor = caf::typed_actor<
    // INTERNAL: looks after reminders that are due.
    caf::reacts_to<atom::tick>>;

using steersman_actor = caf::typed_actor<
    // An order about the fleet; answered once it is in the log and the steering book.
    caf::replies_to<steering_order>::with<receipt>,
    // Carries on the bulks that are under way. Sent once at the start, and then by himself.
    caf::reacts_to<atom::tick>>;

using intake_actor = caf::typed_actor<
    // A request to migrate.
    caf::reacts_to<intake_item>>;

} // namespace skein::actors
