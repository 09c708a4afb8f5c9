#include "actors/projector.hpp"

#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = projector_actor::stateful_pointer<projector_state>;

constexpr auto retry_after = std::chrono::seconds{5};

void take_next(self_ptr self) {
  auto& st = self->state;
  st.is_due = false;
  const auto reached = st.next();
  if (!reached) {
    log::error("view-behind", "{}", reached.error().what);
    st.is_due = true;
    self->delayed_send(self, retry_after, atom::tick_v);
  } else if (*reached < st.wanted) {
    st.is_due = true;
    self->send(self, atom::tick_v);
  }
}

} // namespace

projector_actor::behavior_type projector(projector_actor::stateful_pointer<projector_state> self,
                                         project_next next) {
  self->state.next = std::move(next);
  return {
      [=](const log_grew& what) {
        auto& st = self->state;
        st.wanted = std::max(st.wanted, what.last_sequence);
        if (std::exchange(st.is_due, true))
          return;
        self->send(self, atom::tick_v);
      },
      [=](atom::tick) { take_next(self); },
  };
}

} // namespace skein::actors
