#include "actors/steersman.hpp"

#include "actors/bulk_page.hpp"
#include "config/log.hpp"
#include "events/decode_event.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = steersman_actor::stateful_pointer<steersman_state>;

/// Bounds what is under way at once.
constexpr std::size_t page_size = 200;

constexpr std::chrono::seconds again_after{1};

const std::string& stream() {
  static const std::string name{steering::stream};
  return name;
}

deliver to_stream(const steersman_state& st, steering::order what, std::string actor,
                  std::string reason) {
  return {stream(),
          {st.world.now(), std::move(actor), std::move(reason), st.world.random(),
           migration::steer{std::move(what)}}};
}

void catch_up(steersman_state& st) {
  st.now = read_steering(*st.options.log, std::move(st.now));
  st.options.book->set(std::make_shared<const steering::state>(st.now.state));
}

// -- bulks ------------------------------------------------------------------------------------

void carry_on(self_ptr self);

/// Has something of a bulk noted; nobody waits for the answer.
void note(self_ptr self, const steering::bulk& of, steering::order what) {
  auto& st = self->state;
  self->request(st.shards->of(stream()), caf::infinite,
                to_stream(st, std::move(what), of.actor, of.reason))
      .then(
          [=, id = of.id](const receipt&) {
            self->state.rounds.erase(id);
            catch_up(self->state);
            carry_on(self);
          },
          [=, id = of.id](const caf::error& why) {
            self->state.rounds.erase(id);
            if (why == fault::refused) // it was stopped meanwhile
              return catch_up(self->state);
            self->delayed_send(self, again_after, atom::tick_v);
          });
}

/// All orders of a page are answered.
void end_round(self_ptr self, const std::string& id) {
  auto& st = self->state;
  const auto round = st.rounds.at(id);
  const auto* bulk = st.now.state.find(id);
  if (round.is_broken || !bulk || bulk->status != steering::bulk_status::running) {
    st.rounds.erase(id);
    if (round.is_broken)
      self->delayed_send(self, again_after, atom::tick_v);
    return;
  }
  note(self, *bulk,
       steering::advance_bulk{id, round.reached, bulk->obeyed + round.obeyed,
                              bulk->refused + round.refused});
}

void give_order(self_ptr self, const steering::bulk& of, const std::string& id,
                const migration::order& what) {
  auto& st = self->state;
  const auto answered = [=, bulk = of.id](auto count) {
    auto& round = self->state.rounds.at(bulk);
    count(round);
    if (--round.open == 0)
      end_round(self, bulk);
  };
  self->request(st.shards->of(id), caf::infinite,
                deliver{id, {st.world.now(), of.actor, of.reason, st.world.random(), what}})
      .then([=](const receipt&) { answered([](bulk_round& x) { ++x.obeyed; }); },
            [=](const caf::error& why) {
              answered([&](bulk_round& x) {
                if (why == fault::refused)
                  ++x.refused;
                else
                  x.is_broken = true;
              });
            });
}

/// Orders the next page; or, with nothing left, has the end noted.
void next_round(self_ptr self, const steering::bulk& of) {
  auto& st = self->state;
  auto& round = st.rounds[of.id];
  const auto given = of.obeyed + of.refused;
  const auto most
      = of.plan.at_most == 0
            ? page_size
            : std::min<uint64_t>(page_size, of.plan.at_most - std::min(of.plan.at_most, given));
  const auto what = st.options.order_of(of.plan);
  auto page = what && most > 0 ? read_bulk_page(*st.options.view, of.plan.filter, of.reached, most,
                                                st.world.now())
                               : expected<bulk_page>{bulk_page{}};
  if (!what || !page) {
    log::error("bulk-stopped", "bulk {}: {}", of.id, (what ? page.error() : what.error()).what);
    return note(self, of, steering::stop_bulk{of.id});
  }
  if (page->ids.empty())
    return note(self, of, steering::end_bulk{of.id});
  round = {page->reached, page->ids.size()};
  for (const auto& id : page->ids)
    give_order(self, of, id, *what);
}

void carry_on(self_ptr self) {
  const auto bulks = self->state.now.state.bulks; // outlives what changes it
  for (const auto& bulk : bulks)
    if (bulk.status == steering::bulk_status::running && !self->state.rounds.contains(bulk.id))
      next_round(self, bulk);
}

caf::result<receipt> take(self_ptr self, steering_order& order) {
  auto& st = self->state;
  auto answer = self->make_response_promise<receipt>();
  self->request(
          st.shards->of(stream()), caf::infinite,
          to_stream(st, std::move(order.what), std::move(order.actor), std::move(order.reason)))
      .then(
          [=](receipt& done) mutable {
            catch_up(self->state);
            answer.deliver(std::move(done));
            carry_on(self);
          },
          [=](caf::error& why) mutable { answer.deliver(std::move(why)); });
  return answer;
}

} // namespace

steering_in_log read_steering(const store::event_log& log_, steering_in_log from) {
  const auto read
      = log_.read_stream(stream(), from.version + 1, [&](uint64_t version, const auto& stored) {
          const auto what = decode_event(stored.bytes);
          if (!what) {
            log::error("steering-unread", "event {}: {}", stored.sequence, what.error().what);
            return false;
          }
          if (const auto* steered = std::get_if<migration::steered>(&what->event))
            from.state = evolve(std::move(from.state), steered->what, what->at);
          from.version = version;
          return true;
        });
  if (!read)
    log::error("steering-unread", "{}", read.error().what);
  return from;
}

steersman_actor::behavior_type steersman(steersman_actor::stateful_pointer<steersman_state> self,
                                         steersman_options options,
                                         std::shared_ptr<const shard_ring> shards, ambient world) {
  auto& st = self->state;
  st.options = std::move(options);
  st.shards = std::move(shards);
  st.world = std::move(world);
  st.now = std::move(st.options.then);
  return {
      [=](steering_order& what) { return take(self, what); },
      [=](atom::tick) { carry_on(self); },
  };
}

} // namespace skein::actors
