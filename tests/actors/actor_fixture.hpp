#pragma once

#include "actors/ambient.hpp"
#include "actors/types.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <random>
#include <vector>

namespace tests {

struct testing_config : caf::actor_system_config {
  testing_config() {
    // The one-argument template of this function does not compile in 0.17.6.
    add_error_category(caf::atom("fault"), skein::actors::render);
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// One thread, virtual time: nothing runs until a test says so. Whatever a test spawns through
/// `own` is ended with the fixture, since an actor that ticks would keep the system alive.
struct actor_fixture {
  testing_config cfg;
  caf::actor_system sys{cfg};
  caf::scoped_actor self{sys, true};
  caf::scheduler::test_coordinator& sched
      = dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  std::vector<caf::actor> owned;
  std::mt19937_64 random{1};
  skein::migration::timestamp clock{std::chrono::hours{24 * 365 * 56}};

  ~actor_fixture() {
    for (auto& actor : owned)
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    settle();
  }

  /// The fixture's own time and random numbers.
  skein::actors::ambient world() {
    return {[this] { return clock; }, [this] { return random(); }};
  }

  template <class Handle>
  Handle own(Handle hdl) {
    owned.push_back(caf::actor_cast<caf::actor>(hdl));
    return hdl;
  }

  /// Delivers all messages that are due now.
  void settle() { sched.run(); }

  /// Lets time pass in small steps, so that what ticks, ticks as often as it would.
  void pass(std::chrono::milliseconds span) {
    constexpr std::chrono::milliseconds stride{50};
    for (; span.count() > 0; span -= stride) {
      clock += std::min(span, stride);
      sched.advance_time(std::min(span, stride));
      settle();
    }
  }

  template <class T, class Handle, class... Ts>
  caf::expected<T> ask(const Handle& hdl, Ts&&... xs) {
    auto pending = self->request(hdl, caf::infinite, std::forward<Ts>(xs)...);
    settle();
    caf::expected<T> result{caf::error{}};
    pending.receive([&](T& x) { result = std::move(x); },
                    [&](caf::error& why) { result = std::move(why); });
    return result;
  }
};

} // namespace tests
