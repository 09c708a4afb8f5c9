#include "actors/pool.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = pool_actor::stateful_pointer<pool_state>;

constexpr auto tick_every = std::chrono::milliseconds{100};

/// Bounds one answer to a worker, and so the size of one message.
constexpr uint32_t assignments_per_reply_max = 256;

migration::command command_of(self_ptr self, std::string actor, migration::order what) {
  const auto& world = self->state.world;
  return {world.now(), std::move(actor), {}, world.random(), std::move(what)};
}

usage running(const pool_state& st, counted_by by) {
  auto result = st.leases.count(by);
  for (const auto& [key, what] : st.starting)
    if (!st.leases.holds(key))
      result.add(what);
  return result;
}

// -- leases -----------------------------------------------------------------------------------

/// One worker's request, being answered: collects the starts until the last is in the log.
struct grant {
  lease_call call;
  std::size_t open = 0;
  bus::lease_reply reply;
};

void settle(const std::shared_ptr<grant>& what) {
  if (--what->open == 0)
    what->call.reply(what->reply);
}

/// The step was taken from the queue but does not run: whoever owes it must offer it again.
void offer_again(self_ptr self, const step_info& what) {
  self->send(self->state.shards->of(what.id), atom::wake_v, what.id);
}

/// Ends an attempt from here, for the reason given. Nobody waits for the answer: an attempt whose
/// end did not reach the log is found overdue again.
void end_attempt(self_ptr self, const std::string& id, migration::order how) {
  caf::anon_send(self->state.shards->of(id),
                 deliver{id, command_of(self, "skein/pool", std::move(how))});
}

void on_started(self_ptr self, const std::shared_ptr<grant>& to, receipt& done) {
  auto work = std::move(*done.started);
  if (auto ok = self->state.options.equip(work); !ok)
    end_attempt(
        self, work.migration,
        migration::finish_attempt{work.step, work.attempt, work.epoch,
                                  migration::setback{error_class::permanent, ok.error().what}});
  else
    to->reply.assignments.push_back(std::move(work));
  settle(to);
}

void start(self_ptr self, const step_info& what, const std::shared_ptr<grant>& to) {
  auto& st = self->state;
  const auto key = key_of(what);
  st.starting[key] = what;
  const auto& worker = to->call.what.worker;
  auto cmd
      = command_of(self, worker, migration::start_attempt{what.step, worker, st.options.lease_ttl});
  self->request(st.shards->of(what.id), caf::infinite, deliver{what.id, std::move(cmd)})
      .then(
          [=](receipt& done) {
            self->state.starting.erase(key);
            on_started(self, to, done);
          },
          [=](const caf::error& why) {
            self->state.starting.erase(key);
            // A refusal is final: the offer was older than the migration's state.
            if (why != fault::refused)
              offer_again(self, what);
            settle(to);
          });
}

bool serve(self_ptr self, waiting_worker& worker, const dispatch_limits& limits) {
  auto& st = self->state;
  auto beside = running(st, limits.needs());
  const auto room = std::min(worker.call.what.capacity, assignments_per_reply_max);
  const auto taken = st.offers.take(room, st.world.now(), limits, beside);
  if (taken.empty())
    return false;
  auto to = std::make_shared<grant>(grant{std::move(worker.call), taken.size(), {}});
  for (const auto& what : taken)
    start(self, what, to);
  return true;
}

/// Whether nothing may start at all.
bool is_stopped(const pool_state& st, const steering::state& fleet) {
  return fleet.is_halted || fleet.paused.contains({steering::scope::pool, st.options.name});
}

/// Serves the workers in the order they asked.
void dispatch(self_ptr self) {
  auto& st = self->state;
  st.is_dispatch_due = false;
  const auto fleet = st.options.steering->now();
  if (is_stopped(st, *fleet) || st.workers.empty() || !st.offers.any_due(st.world.now()))
    return;
  auto limits = st.options.limits.under(*fleet, st.world.now());
  limits.tripped = st.breakers.tripped(st.world.now());
  while (!st.workers.empty() && st.offers.any_due(st.world.now())
         && serve(self, st.workers.front(), limits))
    st.workers.pop_front();
}

/// Soon: once for all that is in the mailbox by now, since counting the leases is what it costs.
void dispatch_soon(self_ptr self) {
  if (!std::exchange(self->state.is_dispatch_due, true))
    self->send(self, atom::flush_v);
}

// -- reports ----------------------------------------------------------------------------------

struct verdicts {
  report_call call;
  std::size_t open = 0;
  bus::report_reply reply;
};

void settle(const std::shared_ptr<verdicts>& what) {
  if (--what->open == 0)
    what->call.reply(what->reply);
}

/// When somebody who was told now is told again: reminded, or for an escalation.
migration::timestamp again_at(const bus::telling& what, migration::timestamp now) {
  constexpr std::chrono::milliseconds longest = std::chrono::days{3660};
  auto next = migration::timestamp::max();
  if (what.remind_after.count() > 0)
    next = now + std::min(what.remind_after, longest);
  if (what.escalate_at != migration::timestamp{})
    next = std::min(next, std::max(now, what.escalate_at));
  return next == migration::timestamp::max() ? migration::timestamp{} : next;
}

/// A report that names no step says that an owner was told.
migration::order order_of(const bus::report::item& item, migration::timestamp now) {
  if (!item.result.step.empty())
    return item.result;
  const auto& what = item.telling;
  return migration::confirm_told{what.digest.empty() ? item.migration : what.digest,
                                 what.channel,
                                 what.asked,
                                 again_at(what, now),
                                 what.escalate_at,
                                 what.number};
}

/// Whose breaker is to hear of a report, once the log has it.
std::optional<breaker_target> target_of(const pool_state& st, const bus::report::item& item) {
  const auto* lease = st.leases.find({item.migration, item.result.step}, item.result.epoch);
  return lease ? std::optional{target_of(*lease)} : std::nullopt;
}

void judge(self_ptr self, const std::shared_ptr<verdicts>& to, std::size_t index) {
  const auto& item = to->call.what.items[index];
  const auto target = target_of(self->state, item);
  deliver what{item.migration,
               command_of(self, to->call.what.worker, order_of(item, self->state.world.now()))};
  self->request(self->state.shards->of(item.migration), caf::infinite, std::move(what))
      .then(
          [=](const receipt&) {
            to->reply.verdicts[index].accepted = true;
            auto& st = self->state;
            if (target)
              st.breakers.hear(*target, to->call.what.items[index].result, st.world.now());
            settle(to);
          },
          [=](const caf::error& why) {
            auto& verdict = to->reply.verdicts[index];
            verdict.again = why != fault::refused;
            verdict.why = self->system().render(why);
            settle(to);
          });
}

void hear_report(self_ptr self, report_call& call) {
  auto to = std::make_shared<verdicts>(verdicts{std::move(call), 0, {}});
  to->open = to->call.what.items.size();
  to->reply.verdicts.resize(to->open);
  if (to->open == 0)
    return to->call.reply(to->reply);
  for (std::size_t i = 0; i < to->call.what.items.size(); ++i)
    judge(self, to, i);
}

void hear_heartbeat(self_ptr self, const heartbeat_call& call) {
  auto& st = self->state;
  const auto now = st.world.now();
  bus::heartbeat_reply reply{st.leases.hear(call.what, now)};
  // Just after a start not every lease has been watched again: nothing is revoked yet.
  if (now < st.started + st.options.lease_ttl)
    reply.revoked.clear();
  call.reply(reply);
}

// -- time -------------------------------------------------------------------------------------

void send_away_the_patient(pool_state& st, migration::timestamp now) {
  std::erase_if(st.workers, [&](const waiting_worker& worker) {
    if (worker.until > now)
      return false;
    worker.call.reply({});
    return true;
  });
}

/// Ends what runs. The one who tells people is left to finish: a mail that was sent stays sent.
void stop_all(self_ptr self, const char* why) {
  auto& st = self->state;
  for (const auto& each : st.leases.to_stop(st.world.now()))
    end_attempt(self, each.what.id, migration::stop_attempt{each.what.step, each.lease.epoch, why});
}

void tick(self_ptr self) {
  auto& st = self->state;
  const auto now = st.world.now();
  for (const auto& late : st.leases.overdue(now))
    end_attempt(self, late.what.id,
                migration::finish_attempt{late.what.step, late.lease.attempt, late.lease.epoch,
                                          migration::setback{late.kind, late.why}});
  if (st.options.steering->now()->is_halted)
    stop_all(self, "the fleet was halted");
  dispatch(self);
  send_away_the_patient(st, now);
  self->delayed_send(self, tick_every, atom::tick_v);
}

pool_status status_of(const pool_state& st) {
  return {st.offers.size(), st.leases.size(), st.leases.by_worker(),
          st.breakers.lines(st.world.now())};
}

} // namespace

pool_actor::behavior_type pool(pool_actor::stateful_pointer<pool_state> self, pool_options options,
                               std::shared_ptr<const shard_ring> shards, ambient world) {
  auto& st = self->state;
  st.options = std::move(options);
  st.shards = std::move(shards);
  st.world = std::move(world);
  st.breakers = breaker_board{st.options.breakers};
  st.started = st.world.now();
  self->delayed_send(self, tick_every, atom::tick_v);
  return {
      [=](const offered& what) {
        self->state.offers.offer(what.what, what.not_before);
        dispatch_soon(self);
      },
      [=](const watched& what) {
        self->state.leases.watch(what.what, what.lease, self->state.world.now());
      },
      [=](const unwatched& what) {
        self->state.leases.unwatch({what.id, what.step}, what.epoch);
        dispatch_soon(self);
      },
      [=](lease_call& call) {
        auto& workers = self->state.workers;
        const auto until = self->state.world.now() + call.what.wait;
        workers.push_back({std::move(call), until});
        dispatch(self);
        send_away_the_patient(self->state, self->state.world.now());
      },
      [=](report_call& call) { hear_report(self, call); },
      [=](const heartbeat_call& call) { hear_heartbeat(self, call); },
      [=](atom::status) { return status_of(self->state); },
      [=](atom::flush) { dispatch(self); },
      [=](atom::tick) { tick(self); },
  };
}

} // namespace skein::actors
