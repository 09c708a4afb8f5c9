#include "events/steering_proto.hpp"

#include "events/overloaded.hpp"
#include "events/proto_convert.hpp"

namespace skein::proto {

namespace {

using namespace steering;
using std::chrono::milliseconds;

template <class Scoped>
void put_scope(const Scoped& from, v1::ScopeName& to) {
  to.set_scope(static_cast<v1::Scope>(from.what));
  to.set_name(text(from.name));
}

template <class Change>
void put_limit(const Change& from, v1::Limit& to) {
  to.set_name(text(from.name));
  if (from.value)
    to.set_value(*from.value);
}

void put_plan(const bulk_plan& from, v1::BulkPlan& to) {
  to.set_order(text(from.order));
  for (const auto& [name, value] : from.filter)
    (*to.mutable_filter())[text(name)] = text(value);
  to.set_step(text(from.step));
  to.set_input(text(from.input));
  to.set_priority(from.priority);
  to.set_at_most(from.at_most);
}

template <class Reach>
void put_reach(const Reach& from, v1::BulkReach& to) {
  to.set_id(text(from.id));
  to.set_reached(text(from.reached));
  to.set_obeyed(from.obeyed);
  to.set_refused(from.refused);
}

template <class Start>
void put_start(const Start& from, v1::BulkStart& to) {
  to.set_id(text(from.id));
  put_plan(from.plan, *to.mutable_plan());
  to.set_actor(text(from.actor));
  to.set_reason(text(from.reason));
}

template <class Scoped>
Scoped get_scope(const v1::ScopeName& from) {
  return {static_cast<scope>(from.scope()), from.name()};
}

template <class Change>
Change get_limit(const v1::Limit& from) {
  return {from.name(), from.has_value() ? std::optional{from.value()} : std::nullopt};
}

bulk_plan get_plan(const v1::BulkPlan& from) {
  return {from.order(),    {from.filter().begin(), from.filter().end()},
          from.step(),     from.input(),
          from.priority(), from.at_most()};
}

template <class Reach>
Reach get_reach(const v1::BulkReach& from) {
  return {from.id(), from.reached(), from.obeyed(), from.refused()};
}

bulk get_bulk(const v1::Bulk& from) {
  bulk to{from.start().id(), get_plan(from.start().plan()), from.start().actor(),
          from.start().reason()};
  to.status = static_cast<bulk_status>(from.status());
  to.reached = from.reached();
  to.obeyed = from.obeyed();
  to.refused = from.refused();
  to.started = time_of(from.started_us());
  to.changed = time_of(from.changed_us());
  return to;
}

} // namespace

void put(const event& from, v1::Steered& to) {
  std::visit(overloaded{
                 [&](const halted&) { to.mutable_halted(); },
                 [&](const released& x) { to.mutable_released()->set_ramp_ms(x.ramp.count()); },
                 [&](const scope_paused& x) { put_scope(x, *to.mutable_scope_paused()); },
                 [&](const scope_resumed& x) { put_scope(x, *to.mutable_scope_resumed()); },
                 [&](const limit_changed& x) { put_limit(x, *to.mutable_limit_changed()); },
                 [&](const bulk_started& x) { put_start(x, *to.mutable_bulk_started()); },
                 [&](const bulk_advanced& x) { put_reach(x, *to.mutable_bulk_advanced()); },
                 [&](const bulk_ended& x) { to.mutable_bulk_ended()->set_id(text(x.id)); },
                 [&](const bulk_stopped& x) { to.mutable_bulk_stopped()->set_id(text(x.id)); },
             },
             from);
}

void put(const order& from, v1::Steer& to) {
  std::visit(overloaded{
                 [&](const halt&) { to.mutable_halt(); },
                 [&](const release& x) { to.mutable_release()->set_ramp_ms(x.ramp.count()); },
                 [&](const pause_scope& x) { put_scope(x, *to.mutable_pause_scope()); },
                 [&](const resume_scope& x) { put_scope(x, *to.mutable_resume_scope()); },
                 [&](const change_limit& x) { put_limit(x, *to.mutable_change_limit()); },
                 [&](const start_bulk& x) { put_plan(x.plan, *to.mutable_start_bulk()); },
                 [&](const advance_bulk& x) { put_reach(x, *to.mutable_advance_bulk()); },
                 [&](const end_bulk& x) { to.mutable_end_bulk()->set_id(text(x.id)); },
                 [&](const stop_bulk& x) { to.mutable_stop_bulk()->set_id(text(x.id)); },
             },
             from);
}

void put(const state& from, v1::FleetState& to) {
  to.set_halted(from.is_halted);
  to.set_released_at_us(micros(from.released_at));
  to.set_ramp_ms(from.ramp.count());
  for (const auto& [what, name] : from.paused)
    put_scope(scope_paused{what, name}, *to.add_paused());
  for (const auto& [name, value] : from.limits)
    (*to.mutable_limits())[text(name)] = value;
  to.set_bulks_started(from.bulks_started);
  for (const auto& x : from.bulks) {
    auto& one = *to.add_bulks();
    put_start(x, *one.mutable_start());
    one.set_status(static_cast<uint32_t>(x.status));
    one.set_reached(text(x.reached));
    one.set_obeyed(x.obeyed);
    one.set_refused(x.refused);
    one.set_started_us(micros(x.started));
    one.set_changed_us(micros(x.changed));
  }
}

std::optional<event> get(const v1::Steered& from) {
  switch (from.what_case()) {
    case v1::Steered::kHalted: return halted{};
    case v1::Steered::kReleased: return released{milliseconds{from.released().ramp_ms()}};
    case v1::Steered::kScopePaused: return get_scope<scope_paused>(from.scope_paused());
    case v1::Steered::kScopeResumed: return get_scope<scope_resumed>(from.scope_resumed());
    case v1::Steered::kLimitChanged: return get_limit<limit_changed>(from.limit_changed());
    case v1::Steered::kBulkStarted: {
      const auto& x = from.bulk_started();
      return bulk_started{x.id(), get_plan(x.plan()), x.actor(), x.reason()};
    }
    case v1::Steered::kBulkAdvanced: return get_reach<bulk_advanced>(from.bulk_advanced());
    case v1::Steered::kBulkEnded: return bulk_ended{from.bulk_ended().id()};
    case v1::Steered::kBulkStopped: return bulk_stopped{from.bulk_stopped().id()};
    case v1::Steered::WHAT_NOT_SET: break;
  }
  return std::nullopt;
}

std::optional<order> get(const v1::Steer& from) {
  switch (from.what_case()) {
    case v1::Steer::kHalt: return halt{};
    case v1::Steer::kRelease: return release{milliseconds{from.release().ramp_ms()}};
    case v1::Steer::kPauseScope: return get_scope<pause_scope>(from.pause_scope());
    case v1::Steer::kResumeScope: return get_scope<resume_scope>(from.resume_scope());
    case v1::Steer::kChangeLimit: return get_limit<change_limit>(from.change_limit());
    case v1::Steer::kStartBulk: return start_bulk{get_plan(from.start_bulk())};
    case v1::Steer::kAdvanceBulk: return get_reach<advance_bulk>(from.advance_bulk());
    case v1::Steer::kEndBulk: return end_bulk{from.end_bulk().id()};
    case v1::Steer::kStopBulk: return stop_bulk{from.stop_bulk().id()};
    case v1::Steer::WHAT_NOT_SET: break;
  }
  return std::nullopt;
}

state get(const v1::FleetState& from) {
  state to;
  to.is_halted = from.halted();
  to.released_at = time_of(from.released_at_us());
  to.ramp = milliseconds{from.ramp_ms()};
  for (const auto& x : from.paused())
    to.paused.emplace(static_cast<scope>(x.scope()), x.name());
  to.limits = {from.limits().begin(), from.limits().end()};
  to.bulks_started = from.bulks_started();
  for (const auto& x : from.bulks())
    to.bulks.push_back(get_bulk(x));
  return to;
}

} // namespace skein::proto
