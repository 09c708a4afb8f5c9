#include "actors/shard.hpp"

#include "actors/backlog.hpp"
#include "config/log.hpp"
#include "events/record.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = shard_actor::stateful_pointer<shard_state>;

/// How often a migration may fail before it is left alone.
constexpr uint32_t failures_max = 3;

/// How many waiting migrations are read from the view at a time, and how soon again when it is
/// behind the log.
constexpr std::size_t backlog_page_size = 256;
constexpr auto backlog_pause = std::chrono::milliseconds{50};

bool is_full(const shard_state& st) {
  return st.context->view != nullptr && st.awake.size() >= st.context->awake_max;
}

/// `waits`: it is not to begin with what it owes.
awake_migration& wake(self_ptr self, const std::string& id, bool waits = false) {
  auto& st = self->state;
  auto& entry = st.awake[id];
  if (entry.actor)
    return entry;
  entry.actor
      = self->spawn<caf::lazy_init>(migration_behavior, id, st.context, shard_actor{self}, waits);
  entry.stopping = false;
  self->monitor(entry.actor);
  st.ids.emplace(entry.actor.address(), id);
  return entry;
}

caf::result<receipt> take(self_ptr self, deliver& what) {
  auto& st = self->state;
  if (st.failures.contains(what.id))
    if (const auto fine = st.ring->failed().admits(what.id); !fine)
      return caf::make_error(fault::refused, fine.error().what);
  const auto is_new = std::holds_alternative<migration::request>(what.cmd.what);
  const auto is_moved = std::holds_alternative<migration::set_priority>(what.cmd.what);
  if (is_moved)
    st.waiting.reached.clear(); // it may stand before what this pass has seen
  auto& entry = wake(self, what.id, (is_new || is_moved) && is_full(st));
  // The migration itself answers, unless it has to be woken first.
  if (!entry.stopping)
    return self->delegate(entry.actor, std::move(what));
  auto answer = self->make_response_promise<receipt>();
  entry.late.push_back({std::move(what), answer});
  return answer;
}

void let_sleep(self_ptr self, const std::string& id, bool waits) {
  auto found = self->state.awake.find(id);
  if (found == self->state.awake.end() || found->second.stopping || !found->second.actor)
    return;
  found->second.stopping = true;
  found->second.waits = waits;
  self->send(found->second.actor, atom::stop_v);
}

/// The migration itself cannot write its end any more: the shard does, after what is in the log.
void quarantine(self_ptr self, const std::string& id, const std::string& why) {
  const auto& st = self->state;
  auto past = recover(*st.context->log, id);
  const auto version = st.context->log->stream_version(id);
  if (!version || *version == 0)
    return;
  migration::command cmd{st.world.now(), "skein/supervisor", "its actor failed again and again",
                         st.world.random(), migration::quarantine{why}};
  auto decision
      = past ? decide(past->now, cmd)
             : migration::decision{std::vector<migration::event>{migration::quarantined{why}}};
  const auto* events = std::get_if<std::vector<migration::event>>(&decision);
  if (!events)
    return;
  store::append what{id, *version, {}};
  for (const auto& record : make_records(id, *version, cmd, *events))
    what.records.push_back(encode(record));
  self->send(st.context->journal,
             append_request{std::move(what), committer_actor{shard_actor{self}}});
}

/// Wakes the next incarnation for what came while the last one went to sleep.
void revive(self_ptr self, const std::string& id, awake_migration& gone) {
  auto late = std::move(gone.late);
  self->state.awake.erase(id);
  if (late.empty())
    return;
  auto& entry = wake(self, id);
  for (auto& each : late)
    self->request(entry.actor, caf::infinite, std::move(each.what))
        .then([to = each.answer](receipt& done) mutable { to.deliver(std::move(done)); },
              [to = each.answer](caf::error& why) mutable { to.deliver(std::move(why)); });
}

// -- what waits -------------------------------------------------------------------------------

bool is_quarantined(const shard_state& st, const std::string& id) {
  const auto failed = st.failures.find(id);
  return failed != st.failures.end() && failed->second >= failures_max;
}

void look_again(self_ptr self, std::chrono::milliseconds after) {
  if (std::exchange(self->state.waiting.is_due, true))
    return;
  if (after.count() == 0)
    self->send(self, atom::tick_v);
  else
    self->delayed_send(self, after, atom::tick_v);
}

void note_waiting(self_ptr self) {
  auto& waiting = self->state.waiting;
  waiting.any = true;
  waiting.through = self->state.context->log->last_sequence();
}

/// Room is made in bulk, so that not every end of a migration reads the view.
bool has_room(const shard_state& st) {
  return st.awake.size() < st.context->awake_max - st.context->awake_max / 4;
}

void wake_some(self_ptr self) {
  auto& st = self->state;
  st.waiting.is_due = false;
  if (!st.waiting.any || !has_room(st))
    return;
  if (st.waiting.reached.empty())
    st.waiting.seen_up_to = st.context->view->cursor();
  const auto page = read_backlog(*st.context->view, st.waiting.reached, backlog_page_size);
  if (!page) {
    log::error("backlog-unread", "{}", page.error().what);
    return look_again(self, backlog_pause * 20);
  }
  for (const auto& [id, place] : *page) {
    if (is_full(st))
      return; // goes on from here when there is room
    st.waiting.reached = place;
    if (!st.awake.contains(id) && !is_quarantined(st, id) && st.ring->of(id) == shard_actor{self})
      self->send(wake(self, id).actor, atom::wake_v);
  }
  if (page->size() == backlog_page_size)
    return look_again(self, std::chrono::milliseconds{0});
  st.waiting.reached.clear();
  if (st.waiting.seen_up_to >= st.waiting.through)
    st.waiting.any = false;
  else
    look_again(self, backlog_pause);
}

// -- what fails -------------------------------------------------------------------------------

void on_down(self_ptr self, const caf::down_msg& msg) {
  auto& st = self->state;
  const auto found = st.ids.find(msg.source);
  if (found == st.ids.end())
    return;
  const auto id = std::move(found->second);
  st.ids.erase(found);
  if (msg.reason && msg.reason != caf::exit_reason::user_shutdown) {
    const auto count = ++st.failures[id];
    if (count == failures_max)
      quarantine(self, id, self->system().render(msg.reason));
    else if (count < failures_max)
      self->send(self, atom::wake_v, id);
    else
      st.ring->failed().add(id);
  }
  if (st.awake[id].waits && st.context->view)
    note_waiting(self);
  else if (st.awake[id].waits) // nobody would find it there
    self->send(self, atom::wake_v, id);
  revive(self, id, st.awake[id]);
  if (st.waiting.any && has_room(st))
    look_again(self, std::chrono::milliseconds{0});
}

/// Its migrations end with it: the next coordinator brings them back from the log.
void on_exit(self_ptr self, caf::exit_msg& msg) {
  for (const auto& [id, entry] : self->state.awake)
    self->send_exit(entry.actor, msg.reason);
  self->quit(msg.reason);
}

} // namespace

void failed_for_good::add(const std::string& id) {
  const std::lock_guard lock{guard_};
  ids_.insert(id);
}

expected<void> failed_for_good::admits(const std::string& id) const {
  const std::lock_guard lock{guard_};
  if (!ids_.contains(id))
    return {};
  return fail(id
              + " is quarantined: it failed again and again; see the daemon's log, and restart to "
                "try again");
}

void shard_ring::take_up_work() const {
  for (const auto& each : shards_)
    caf::anon_send(each, atom::tick_v);
}

shard_actor::behavior_type shard(shard_actor::stateful_pointer<shard_state> self,
                                 std::shared_ptr<const migration_context> context,
                                 std::shared_ptr<const shard_ring> ring, ambient world) {
  self->state.context = std::move(context);
  self->state.ring = std::move(ring);
  self->state.world = std::move(world);
  if (self->state.context->view)
    note_waiting(self); // what the last coordinator left
  self->set_down_handler([=](caf::down_msg& msg) { on_down(self, msg); });
  self->set_exit_handler([=](caf::exit_msg& msg) { on_exit(self, msg); });
  return {
      // Answers to the shard's own appends; a refused quarantine is tried again at the next
      // failure.
      [](const committed&) {},
      [](const not_committed&) {},
      [=](deliver& what) { return take(self, what); },
      [=](atom::wake, const std::string& id) {
        auto& entry = wake(self, id);
        if (!entry.stopping)
          self->send(entry.actor, atom::wake_v);
      },
      [=](atom::idle, const std::string& id, bool waits) { let_sleep(self, id, waits); },
      [=](atom::tick) { wake_some(self); },
  };
}

} // namespace skein::actors
