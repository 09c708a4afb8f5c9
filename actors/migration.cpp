#include "actors/migration.hpp"

#include "actors/perform.hpp"
#include "events/record.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = migration_pointer;

/// Streams are short; only those of long retries grow past this.
constexpr uint64_t events_between_snapshots = 100;

bool begin(self_ptr self) {
  auto& st = self->state;
  auto past = recover(*st.context->log, st.id);
  if (!past) {
    self->quit(caf::make_error(fault::unavailable, past.error().what));
    return false;
  }
  st.now = std::move(past->now);
  st.version = past->version;
  st.snapshot_version = past->snapshot_version;
  st.owed = owed(st.now);
  return true;
}

void keep_snapshot(migration_actor_state& st) {
  if (st.version < st.snapshot_version + events_between_snapshots)
    return;
  // A snapshot that cannot be written costs a longer replay, nothing else.
  if (st.context->log->put_snapshot(st.id, {state_schema, st.version, encode(st.now)}))
    st.snapshot_version = st.version;
}

/// Whoever owes nothing, or what others look after, goes to sleep; and whoever has not begun with
/// what it owes.
void sleep_if_at_rest(self_ptr self) {
  const auto& st = self->state;
  const auto rests = st.owed.empty() || is_handed_over(st);
  if (rests || !st.has_acted)
    self->send(st.shard, atom::idle_v, st.id, !rests);
}

/// Starts what the state owes now and did not before: all of it, if this is the first time.
void act(self_ptr self, const std::vector<migration::effect>& fresh) {
  auto& st = self->state;
  if (!st.waits) {
    for (const auto& effect : std::exchange(st.has_acted, true) ? fresh : st.owed)
      perform(self, effect);
    tell_motion(self);
  }
  sleep_if_at_rest(self);
}

caf::error refuse(self_ptr self, caf::error why) {
  sleep_if_at_rest(self);
  return why;
}

/// command -> decide -> append; evolve, act and answer follow in `absorb`, once it is on disk.
caf::result<receipt> handle(self_ptr self, const deliver& what) {
  auto& st = self->state;
  if (st.committing)
    return caf::skip;
  // Only here, behind all that came before it, does it hold until the decision.
  if (what.if_version && *what.if_version != st.version)
    return refuse(self, caf::make_error(fault::changed, st.id, st.version));
  const auto& cmd = what.cmd;
  auto decision = decide(st.now, cmd);
  if (const auto* why = std::get_if<migration::rejection>(&decision))
    return refuse(self, caf::make_error(fault::refused, std::string{to_string(*why)}));
  auto events = std::get<std::vector<migration::event>>(std::move(decision));
  store::append entry{st.id, st.version, {}};
  for (const auto& record : make_records(st.id, st.version, cmd, events))
    entry.records.push_back(encode(record));
  const auto* start = std::get_if<migration::start_attempt>(&cmd.what);
  auto answer = self->make_response_promise<receipt>();
  st.committing
      = {std::move(events), cmd.at, start ? std::optional{start->step} : std::nullopt, answer};
  self->send(st.context->journal,
             append_request{std::move(entry), caf::actor_cast<committer_actor>(self)});
  return answer;
}

/// The events are on disk: only now do they happen.
void absorb(self_ptr self, const committed& done) {
  auto& st = self->state;
  auto commit = std::move(*st.committing);
  st.committing.reset();
  for (const auto& event : commit.events)
    st.now = evolve(std::move(st.now), event, commit.at);
  st.version = done.version;
  const auto owed_before = std::exchange(st.owed, owed(st.now));
  receipt answer{st.version, st.now.phase, {}};
  if (commit.started) {
    answer.started = assignment_of(st.id, st.now, *commit.started);
    st.waits = false; // an attempt runs from here on: somebody has to watch it
  }
  commit.answer.deliver(std::move(answer));
  take_back(self, migration::difference(owed_before, st.owed));
  act(self, migration::difference(st.owed, owed_before));
  keep_snapshot(st);
}

/// What is on disk is now unknown: die, and let the shard bring it back from there.
void give_up(self_ptr self, const not_committed& failed) {
  auto commit = std::move(*self->state.committing);
  self->state.committing.reset();
  const auto why = failed.why.fault == store::append_fault::log_failed ? fault::log_failed
                                                                       : fault::unavailable;
  auto error = caf::make_error(why, failed.why.what);
  commit.answer.deliver(error);
  self->quit(std::move(error));
}

} // namespace

migration_actor::behavior_type migration_behavior(migration_pointer self, std::string id,
                                                  std::shared_ptr<const migration_context> context,
                                                  shard_actor shard, bool waits) {
  self->state.id = std::move(id);
  self->state.context = std::move(context);
  self->state.shard = std::move(shard);
  self->state.waits = waits;
  if (!begin(self))
    return migration_actor::behavior_type::make_empty_behavior();
  return {
      [=](const committed& done) { absorb(self, done); },
      [=](const not_committed& failed) { give_up(self, failed); },
      [=](const deliver& what) { return handle(self, what); },
      [=](atom::wake) -> caf::result<void> {
        if (self->state.committing)
          return caf::skip;
        self->state.waits = false;
        self->state.has_acted = false;
        act(self, self->state.owed);
        return caf::unit;
      },
      [=](atom::stop) -> caf::result<void> {
        if (self->state.committing)
          return caf::skip;
        self->quit();
        return caf::unit;
      },
  };
}

} // namespace skein::actors
