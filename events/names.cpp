#include "events/names.hpp"

#include "events/migration.hpp"

#include <array>
#include <vector>

namespace skein::migration {

namespace {

// In the order of the variants' alternatives.
constexpr std::array<std::string_view, std::variant_size_v<event>> all_events{
    "requested",    "attempt_started",  "attempt_succeeded", "attempt_failed", "retry_scheduled",
    "held",         "parked",           "retried",           "approved",       "quarantined",
    "owner_told",   "cancelled",        "completed",         "paused",         "resumed",
    "rewound",      "skipped",          "input_overridden",  "hold_placed",    "hold_lifted",
    "rejected",     "priority_changed", "rollback_started",  "rolled_back",    "attempt_stopped",
    "reminder_due", "steered"};

constexpr std::array<std::string_view, std::variant_size_v<order>> order_names{
    "request",      "start_attempt", "finish_attempt", "retry",  "approve",
    "cancel",       "confirm_told",  "quarantine",     "pause",  "resume",
    "retry_from",   "skip",          "override_input", "hold",   "reject",
    "set_priority", "roll_back",     "stop_attempt",   "remind", "steer"};

/// What steers the fleet goes by its own name.
std::vector<std::string_view> told_events() {
  std::vector<std::string_view> all{all_events.begin(), all_events.end() - 1};
  const auto more = steering::event_names();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace

std::string_view name_of(const event& x) noexcept {
  const auto* fleet = std::get_if<steered>(&x);
  return fleet ? name_of(fleet->what) : all_events[x.index()];
}

std::string_view name_of(const order& x) noexcept {
  const auto* fleet = std::get_if<steer>(&x);
  return fleet ? name_of(fleet->what) : order_names[x.index()];
}

std::span<const std::string_view> event_names() noexcept {
  static const auto all = told_events();
  return all;
}

std::string_view to_string(rejection x) noexcept {
  switch (x) {
    case rejection::already_requested: return "this migration was requested before";
    case rejection::not_requested: return "no such migration was ever requested";
    case rejection::bad_request:
      return "the request names no dataset, no newer target version, or a workflow that cannot run";
    case rejection::unknown_step: return "the migration's workflow has no such step";
    case rejection::not_ready: return "the step is not ready to start";
    case rejection::still_running:
      return "a step that this is about runs; pause the migration and wait until it has ended";
    case rejection::stale_epoch:
      return "the attempt is over: its lease ended, or its migration was cancelled";
    case rejection::at_rest: return "the migration has already ended";
    case rejection::as_it_is: return "it is so already";
    case rejection::unknown_bulk: return "there is no such bulk operation, or it is over";
    case rejection::bad_order: return "the order has a name or a number that means nothing";
    case rejection::nothing_to_do: return "the migration is not waiting for that";
  }
  return "refused";
}

std::string_view to_string(phase x) noexcept {
  switch (x) {
    case phase::blank: return "blank";
    case phase::running: return "running";
    case phase::completed: return "completed";
    case phase::held: return "held";
    case phase::parked: return "parked";
    case phase::quarantined: return "quarantined";
    case phase::cancelled: return "cancelled";
    case phase::rolled_back: return "rolled_back";
  }
  return "unknown";
}

std::string_view to_string(step_status x) noexcept {
  switch (x) {
    case step_status::waiting: return "waiting";
    case step_status::ready: return "ready";
    case step_status::running: return "running";
    case step_status::retrying: return "retrying";
    case step_status::succeeded: return "succeeded";
    case step_status::held: return "held";
    case step_status::parked: return "parked";
    case step_status::skipped: return "skipped";
  }
  return "unknown";
}

} // namespace skein::migration
