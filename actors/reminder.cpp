#include "actors/reminder.hpp"

#include "actors/view_row.hpp"
#include "config/log.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>
#include <vector>

namespace skein::actors {

namespace {

using self_ptr = reminder_actor::stateful_pointer<reminder_state>;

constexpr auto tick_every = std::chrono::seconds{1};

/// What is due beyond this waits for the next tick.
constexpr uint64_t due_at_once = 200;

/// A page of what is due. One that refuses, for whatever reason, does not stand in the way of those
/// behind it: the next tick goes on where this one ended, and begins again at the end.
std::vector<std::string> due_now(reminder_state& st) {
  std::vector<std::string> found;
  const auto now = st.world.now();
  const auto after = std::exchange(st.reached, {});
  const auto read
      = st.view->scan(remind_key, after, due_at_once, [&](std::string_view key, std::string_view) {
          auto entry = in_remind_key(key);
          if (entry && entry->first > now)
            return false;
          if (entry)
            found.push_back(std::move(entry->second));
          if (found.size() == due_at_once)
            st.reached = key;
          return true;
        });
  if (!read)
    log::error("reminders-unread", "{}", read.error().what);
  return found;
}

/// Nobody waits for the answers: the view may be behind, and what was answered meanwhile refuses.
void tick(self_ptr self) {
  auto& st = self->state;
  for (const auto& id : due_now(st))
    caf::anon_send(st.shards->of(id),
                   deliver{id,
                           {st.world.now(), "skein/reminder", "nobody has answered yet",
                            st.world.random(), migration::remind{}}});
  self->delayed_send(self, tick_every, atom::tick_v);
}

} // namespace

reminder_actor::behavior_type reminder(reminder_actor::stateful_pointer<reminder_state> self,
                                       std::shared_ptr<const store::view_reader> view,
                                       std::shared_ptr<const shard_ring> shards, ambient world) {
  auto& st = self->state;
  st.view = std::move(view);
  st.shards = std::move(shards);
  st.world = std::move(world);
  self->delayed_send(self, tick_every, atom::tick_v);
  return {[=](atom::tick) { tick(self); }};
}

} // namespace skein::actors
