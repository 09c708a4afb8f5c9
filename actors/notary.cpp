#include "actors/notary.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = notary_actor::stateful_pointer<notary_state>;

void schedule(self_ptr self, std::chrono::milliseconds after) {
  if (std::exchange(self->state.is_due, true))
    return;
  if (after.count() == 0)
    self->send(self, atom::tick_v);
  else
    self->delayed_send(self, after, atom::tick_v);
}

void make_round(self_ptr self) {
  auto& st = self->state;
  st.is_due = false;
  st.reached = st.wanted;
  switch (st.options.rounds->make()) {
    case notary_rounds::outcome::more: return schedule(self, std::chrono::milliseconds{0});
    case notary_rounds::outcome::failed: return schedule(self, st.options.retry_after);
    case notary_rounds::outcome::rested: break;
  }
}

} // namespace

notary_actor::behavior_type notary(notary_actor::stateful_pointer<notary_state> self,
                                   notary_options options) {
  self->state.options = std::move(options);
  // The first round opens the book: what does not fit is to be said at once.
  schedule(self, std::chrono::milliseconds{0});
  return {
      [=](const log_grew& what) {
        auto& st = self->state;
        st.wanted = std::max(st.wanted, what.last_sequence);
        if (st.wanted > st.reached)
          schedule(self, st.options.head_every);
      },
      [=](atom::tick) { make_round(self); },
  };
}

} // namespace skein::actors
