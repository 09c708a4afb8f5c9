#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// How the whole fleet is steered, as two pure functions like a migration's (migration.hpp): what
/// is halted or paused, limits that were changed while it runs, and orders for many migrations at
/// once. All of it is in the log, in a stream of its own.
namespace skein::steering {

using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// The stream. No migration can be called so: names have no '@'.
inline constexpr std::string_view stream = "@fleet@";

/// What can be paused as a whole. Values are on disk: never renumber.
enum class scope : uint8_t { pool = 1, owner = 2, storage = 3 };

/// Which migrations a bulk is for: the parameters of GET /v1/migrations and their values.
using filter = std::map<std::string, std::string>;

/// An order for each migration that a filter lets through, in the order of their ids.
struct bulk_plan {
  std::string order; ///< `retry` and so on, as in the paths of the API
  steering::filter filter;
  std::string step, input; ///< of the orders that have them
  int32_t priority = 0;
  uint64_t at_most = 0; ///< migrations; 0: all

  bool operator==(const bulk_plan&) const = default;
};

// -- events -----------------------------------------------------------------------------------

/// Nothing is admitted or started any more, and what ran was stopped. Nothing is undone.
struct halted {};

/// It goes on, with more attempts at once little by little.
struct released {
  std::chrono::milliseconds ramp{0};
};

struct scope_paused {
  scope what;
  std::string name;
};

struct scope_resumed {
  scope what;
  std::string name;
};

struct limit_changed {
  std::string name; ///< `running`, `per_owner`, `per_storage`, `intake`, `agent:<name>`
  std::optional<uint32_t> value; ///< nothing: what the workspace says
};

struct bulk_started {
  std::string id;
  bulk_plan plan;
  std::string actor, reason; ///< of each order that it gives
};

struct bulk_advanced {
  std::string id;
  std::string reached; ///< the last migration that was looked at
  uint64_t obeyed = 0, refused = 0;
};

/// All were looked at.
struct bulk_ended {
  std::string id;
};

struct bulk_stopped {
  std::string id;
};

using event = std::variant<halted, released, scope_paused, scope_resumed, limit_changed,
                           bulk_started, bulk_advanced, bulk_ended, bulk_stopped>;

std::string_view name_of(const event&) noexcept;
std::span<const std::string_view> event_names() noexcept;

// -- orders -----------------------------------------------------------------------------------

struct halt {};

struct release {
  std::chrono::milliseconds ramp{0};
};

struct pause_scope {
  scope what;
  std::string name;
};

struct resume_scope {
  scope what;
  std::string name;
};

struct change_limit {
  std::string name;
  std::optional<uint32_t> value;
};

struct start_bulk {
  bulk_plan plan;
};

/// How far a bulk has come: the totals of all its orders.
struct advance_bulk {
  std::string id;
  std::string reached;
  uint64_t obeyed = 0, refused = 0;
};

struct end_bulk {
  std::string id;
};

struct stop_bulk {
  std::string id;
};

using order = std::variant<halt, release, pause_scope, resume_scope, change_limit, start_bulk,
                           advance_bulk, end_bulk, stop_bulk>;

std::string_view name_of(const order&) noexcept;

// -- state ------------------------------------------------------------------------------------

/// Values are in snapshots: never renumber.
enum class bulk_status : uint8_t { running = 0, ended = 1, stopped = 2 };

struct bulk {
  std::string id;
  bulk_plan plan;
  std::string actor, reason;
  bulk_status status = bulk_status::running;
  std::string reached;
  uint64_t obeyed = 0, refused = 0;
  timestamp started{}, changed{};

  bool operator==(const bulk&) const = default;
};

struct state {
  bool is_halted = false;
  timestamp released_at{};
  std::chrono::milliseconds ramp{0};
  std::set<std::pair<scope, std::string>> paused;
  std::map<std::string, uint32_t> limits; ///< that differ from the workspace's
  uint64_t bulks_started = 0;
  std::vector<bulk> bulks; ///< all that run, and the newest of the others; oldest first

  bool operator==(const state&) const = default;

  const bulk* find(std::string_view id) const;
};

/// How many attempts may run at once `at` this time, where `most` may at other times (0: any
/// number). While a ramp lasts, most to the power of the part of it that is over: 1, then ever
/// more. 0 is any number, as for `most`. Pure.
uint32_t ramped(const state&, uint32_t most, timestamp at);

inline constexpr std::chrono::milliseconds longest_ramp = std::chrono::days{7};

/// The agent of a limit called `agent:<name>`; empty for all other names.
std::string_view limited_agent(std::string_view limit) noexcept;

/// Why an order was refused.
enum class rejection : uint8_t { as_it_is = 1, unknown_bulk, bad_order };

using decision = std::variant<event, rejection>;

decision decide(const state&, const order&, std::string_view actor, std::string_view reason);

state evolve(state, const event&, timestamp at);

std::string_view to_string(scope) noexcept;
std::string_view to_string(bulk_status) noexcept;

/// A state that a migration does not have: nothing, at the price of a pointer.
class box {
public:
  box() = default;
  box(const box& other) : held_{other.held_ ? std::make_unique<state>(*other.held_) : nullptr} {}
  box(box&&) noexcept = default;
  box& operator=(box other) noexcept {
    held_ = std::move(other.held_);
    return *this;
  }
  ~box() = default;

  bool has_value() const { return held_ != nullptr; }
  /// A blank state, if there is none.
  const state& value() const;
  state& make();

  bool operator==(const box& other) const { return value() == other.value(); }

private:
  std::unique_ptr<state> held_;
};

} // namespace skein::steering
