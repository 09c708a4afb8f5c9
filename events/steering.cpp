#include "events/steering.hpp"

#include "events/overloaded.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace skein::steering {

namespace {

// In the order of the variants' alternatives.
constexpr std::array<std::string_view, std::variant_size_v<event>> all_events{
    "halted",       "released",      "scope_paused", "scope_resumed", "limit_changed",
    "bulk_started", "bulk_advanced", "bulk_ended",   "bulk_stopped"};

constexpr std::array<std::string_view, std::variant_size_v<order>> order_names{
    "halt",       "release",      "pause_scope", "resume_scope", "change_limit",
    "start_bulk", "advance_bulk", "end_bulk",    "stop_bulk"};

/// Of those that run no longer.
constexpr std::size_t bulks_kept = 50;

/// What a ramp grows to where there is no limit.
constexpr uint32_t enough = 1024;

bool is_limit(const std::string& name) {
  return name == "running" || name == "per_owner" || name == "per_storage" || name == "intake"
         || !limited_agent(name).empty();
}

bool is_running(const state& now, const std::string& id) {
  const auto* found = now.find(id);
  return found && found->status == bulk_status::running;
}

decision if_running(const state& now, const std::string& id, event then) {
  if (!is_running(now, id))
    return rejection::unknown_bulk;
  return then;
}

decision change(const state& now, const change_limit& x) {
  if (!is_limit(x.name) || (x.name == "intake" && x.value == 0u))
    return rejection::bad_order;
  const auto found = now.limits.find(x.name);
  const auto is = found == now.limits.end() ? std::nullopt : std::optional{found->second};
  if (is == x.value)
    return rejection::as_it_is;
  return event{limit_changed{x.name, x.value}};
}

void settle(state& now, const std::string& id, bulk_status how, timestamp at) {
  const auto found
      = std::find_if(now.bulks.begin(), now.bulks.end(), [&](const bulk& x) { return x.id == id; });
  if (found == now.bulks.end())
    return;
  found->status = how;
  found->changed = at;
}

/// The oldest of those that are over go first.
void forget_old(state& now) {
  auto over = static_cast<std::size_t>(
      std::count_if(now.bulks.begin(), now.bulks.end(),
                    [](const bulk& x) { return x.status != bulk_status::running; }));
  std::erase_if(now.bulks, [&](const bulk& x) {
    return over > bulks_kept && x.status != bulk_status::running && over-- > 0;
  });
}

} // namespace

std::string_view limited_agent(std::string_view limit) noexcept {
  constexpr std::string_view prefix = "agent:";
  return limit.starts_with(prefix) ? limit.substr(prefix.size()) : std::string_view{};
}

std::string_view name_of(const event& x) noexcept { return all_events[x.index()]; }

std::span<const std::string_view> event_names() noexcept { return all_events; }

std::string_view name_of(const order& x) noexcept { return order_names[x.index()]; }

const bulk* state::find(std::string_view id) const {
  const auto found
      = std::find_if(bulks.begin(), bulks.end(), [&](const bulk& x) { return x.id == id; });
  return found == bulks.end() ? nullptr : &*found;
}

uint32_t ramped(const state& now, uint32_t most, timestamp at) {
  const auto over = at - now.released_at;
  if (now.ramp.count() == 0 || over >= now.ramp)
    return most;
  const auto part = std::max(0.0, std::chrono::duration<double>(over)
                                      / std::chrono::duration<double>(now.ramp));
  return static_cast<uint32_t>(std::ceil(std::pow(most == 0 ? enough : most, part)));
}

decision decide(const state& now, const order& what, std::string_view actor,
                std::string_view reason) {
  return std::visit(
      overloaded{
          [&](const halt&) -> decision {
            return now.is_halted ? decision{rejection::as_it_is} : decision{event{halted{}}};
          },
          [&](const release& x) -> decision {
            if (!now.is_halted)
              return rejection::as_it_is;
            if (x.ramp.count() < 0 || x.ramp > longest_ramp)
              return rejection::bad_order;
            return event{released{x.ramp}};
          },
          [&](const pause_scope& x) -> decision {
            if (x.name.empty())
              return rejection::bad_order;
            if (now.paused.contains({x.what, x.name}))
              return rejection::as_it_is;
            return event{scope_paused{x.what, x.name}};
          },
          [&](const resume_scope& x) -> decision {
            if (!now.paused.contains({x.what, x.name}))
              return rejection::as_it_is;
            return event{scope_resumed{x.what, x.name}};
          },
          [&](const change_limit& x) { return change(now, x); },
          [&](const start_bulk& x) -> decision {
            return event{bulk_started{std::to_string(now.bulks_started + 1), x.plan,
                                      std::string{actor}, std::string{reason}}};
          },
          [&](const advance_bulk& x) {
            return if_running(now, x.id, bulk_advanced{x.id, x.reached, x.obeyed, x.refused});
          },
          [&](const end_bulk& x) { return if_running(now, x.id, bulk_ended{x.id}); },
          [&](const stop_bulk& x) { return if_running(now, x.id, bulk_stopped{x.id}); },
      },
      what);
}

state evolve(state then, const event& what, timestamp at) {
  std::visit(overloaded{
                 [&](const halted&) { then.is_halted = true; },
                 [&](const released& e) {
                   then.is_halted = false;
                   then.released_at = at;
                   then.ramp = e.ramp;
                 },
                 [&](const scope_paused& e) { then.paused.emplace(e.what, e.name); },
                 [&](const scope_resumed& e) {
                   then.paused.erase({e.what, e.name});
                 },
                 [&](const limit_changed& e) {
                   if (e.value)
                     then.limits[e.name] = *e.value;
                   else
                     then.limits.erase(e.name);
                 },
                 [&](const bulk_started& e) {
                   ++then.bulks_started;
                   bulk fresh{e.id, e.plan, e.actor, e.reason};
                   fresh.started = fresh.changed = at;
                   then.bulks.push_back(std::move(fresh));
                   forget_old(then);
                 },
                 [&](const bulk_advanced& e) {
                   for (auto& x : then.bulks)
                     if (x.id == e.id) {
                       x.reached = e.reached;
                       x.obeyed = e.obeyed;
                       x.refused = e.refused;
                       x.changed = at;
                     }
                 },
                 [&](const bulk_ended& e) { settle(then, e.id, bulk_status::ended, at); },
                 [&](const bulk_stopped& e) { settle(then, e.id, bulk_status::stopped, at); },
             },
             what);
  return then;
}

std::string_view to_string(scope x) noexcept {
  switch (x) {
    case scope::pool: return "pool";
    case scope::owner: return "owner";
    case scope::storage: return "storage";
  }
  return "unknown";
}

std::string_view to_string(bulk_status x) noexcept {
  switch (x) {
    case bulk_status::running: return "running";
    case bulk_status::ended: return "ended";
    case bulk_status::stopped: return "stopped";
  }
  return "unknown";
}

const state& box::value() const {
  static const state blank;
  return held_ ? *held_ : blank;
}

state& box::make() {
  if (!held_)
    held_ = std::make_unique<state>();
  return *held_;
}

} // namespace skein::steering
