#include "actors/digest.hpp"

#include <algorithm>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = digest_actor::stateful_pointer<digest_state>;

constexpr auto tick_every = std::chrono::milliseconds{250};
constexpr auto patience = std::chrono::seconds{30};

/// Notices of one digest and channel, until the last attempt is in the log.
struct batch {
  std::string channel;
  std::string digest;
  std::size_t open = 0;
  std::vector<bus::notice> notices;
};

gathering& gather(self_ptr self, const std::string& scan) {
  auto& found = self->state.scans[scan];
  found.stirred = self->state.world.now();
  return found;
}

void note_first(self_ptr self, gathering& x) {
  if (x.what.empty())
    x.first = self->state.world.now();
}

void publish_when_complete(self_ptr self, const std::shared_ptr<batch>& what) {
  if (what->open > 0 || what->notices.empty())
    return;
  for (auto& notice : what->notices) {
    notice.digest = what->digest;
    notice.digest_size = static_cast<uint32_t>(what->notices.size());
  }
  self->state.options.publish(what->channel, std::move(what->notices));
}

bus::notice notice_of(bus::assignment& work) {
  bus::notice what;
  what.migration = std::move(work.migration);
  what.subject = std::move(work.subject);
  what.kind = "completed";
  what.inputs = std::move(work.inputs);
  what.labels = std::move(work.labels);
  what.step = std::move(work.step);
  what.attempt = work.attempt;
  what.epoch = work.epoch;
  return what;
}

using batch_ptr = std::shared_ptr<batch>;

/// The batches of one digest, by channel.
struct batches {
  std::string digest;
  std::map<std::string, batch_ptr> by_channel;

  const batch_ptr& of(const std::string& channel) {
    auto& found = by_channel[channel];
    if (!found)
      found = std::make_shared<batch>(batch{channel, digest + "-" + channel, 0, {}});
    return found;
  }
};

/// Nobody waits to hear how a copy was told.
bus::notice copy_of(bus::notice what, const std::string& channel) {
  what.step.clear();
  what.attempt = 0;
  what.epoch = 0;
  what.is_copy = true;
  what.telling.channel = channel;
  return what;
}

/// One step of a digest on its way: the batch that it is for, and those that get copies.
struct starting_step {
  step_info step;
  batch_ptr into;
  std::vector<batch_ptr> copies;
};

/// Copies go first: what is on the bus when the attempt itself gets there is not lost by a crash.
void settle(self_ptr self, const starting_step& what) {
  for (const auto& copy : what.copies) {
    --copy->open;
    publish_when_complete(self, copy);
  }
  --what.into->open;
  publish_when_complete(self, what.into);
}

void start(self_ptr self, const starting_step& what) {
  const auto& st = self->state;
  migration::command cmd{
      st.world.now(),
      notifier_worker,
      {},
      st.world.random(),
      migration::start_attempt{what.step.step, notifier_worker, st.options.lease_ttl}};
  self->request(st.shards->of(what.step.id), patience, deliver{what.step.id, std::move(cmd)})
      .then(
          [=](receipt& done) {
            auto notice = notice_of(*done.started);
            for (const auto& copy : what.copies)
              copy->notices.push_back(copy_of(notice, copy->channel));
            what.into->notices.push_back(std::move(notice));
            settle(self, what);
          },
          [=](const caf::error& why) {
            if (why != fault::refused)
              self->send(self->state.shards->of(what.step.id), atom::wake_v, what.step.id);
            settle(self, what);
          });
}

/// It was told on every channel that there still is: the others will never tell it.
void settle_without(self_ptr self, const to_tell& what, const std::string& digest) {
  const auto& world = self->state.world;
  migration::confirm_told done{digest};
  done.number = what.what.telling.number;
  caf::anon_send(self->state.shards->of(what.what.migration),
                 deliver{what.what.migration,
                         {world.now(), notifier_worker,
                          "the workspace has none of the other channels any more", world.random(),
                          std::move(done)}});
}

void add_rest(self_ptr self, const to_tell& what, batches& to) {
  const auto& options = self->state.options;
  auto notices = notices_of(options.how, options.channels, what);
  if (notices.empty())
    return settle_without(self, what, to.digest);
  for (auto& notice : notices) {
    const auto& into = to.of(notice.telling.channel);
    into->notices.push_back(std::move(notice));
  }
}

std::vector<starting_step> steps_of(self_ptr self, const news& what, batches& to) {
  const auto& options = self->state.options;
  std::vector<starting_step> all;
  for (const auto& [channel, steps] : what.steps)
    for (const auto& step : steps) {
      starting_step one{step.what, to.of(channel), {}};
      for (const auto& copy : options.how.copies)
        if (copy != channel)
          one.copies.push_back(to.of(copy));
      ++one.into->open;
      for (const auto& copy : one.copies)
        ++copy->open;
      all.push_back(std::move(one));
    }
  return all;
}

/// Closes a digest: one batch for each channel.
void close(self_ptr self, const std::string& name, const news& what) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(self->state.world.now());
  batches all{name + "-" + std::to_string(ms.time_since_epoch().count()), {}};
  for (const auto& [id, rest] : what.rests) {
    self->state.published[id] = rest.what.telling.number;
    add_rest(self, rest, all);
  }
  for (const auto& step : steps_of(self, what, all))
    start(self, step);
  for (const auto& [channel, ready] : all.by_channel)
    publish_when_complete(self, ready);
}

bool is_complete(const digest_options& options, const gathering& x, migration::timestamp now) {
  if (x.what.empty())
    return false;
  return (x.moving.empty() && now >= x.stirred + options.quiet)
         || now >= x.first + options.wait_max;
}

/// A scan is complete: what is not told now waits for its time.
void end_scan(self_ptr self, const std::string& scan, news what) {
  auto& st = self->state;
  auto sorted = sort_news(st.options.how, std::move(what), st.world.now());
  if (!sorted.now.empty())
    close(self, scan, sorted.now);
  for (auto& [due, more] : sorted.later)
    st.later[due].merge(std::move(more));
}

void end_scans(self_ptr self, migration::timestamp now) {
  auto& st = self->state;
  for (auto at = st.scans.begin(); at != st.scans.end();) {
    auto& [scan, what] = *at;
    if (is_complete(st.options, what, now)) {
      what.stirred = now;
      end_scan(self, scan, std::exchange(what.what, {}));
    }
    const auto is_over = what.moving.empty() && what.what.empty();
    at = is_over ? st.scans.erase(at) : std::next(at);
  }
}

/// All that is due by now is one digest.
void tell_what_waited(self_ptr self, migration::timestamp now) {
  auto& st = self->state;
  if (st.later.empty() || st.later.begin()->first > now || !may_tell(st.options.how, now))
    return;
  news due;
  while (!st.later.empty() && st.later.begin()->first <= now)
    due.merge(std::move(st.later.extract(st.later.begin()).mapped()));
  close(self, st.options.how.daily ? "daily" : "waited", due);
}

void tick(self_ptr self) {
  auto& st = self->state;
  self->delayed_send(self, tick_every, atom::tick_v);
  if (st.options.steering->now()->is_halted)
    return;
  const auto now = st.world.now();
  end_scans(self, now);
  tell_what_waited(self, now);
}

bool is_known(const digest_state& st, const std::string& channel, const step_info& step) {
  const auto knows = [&](const news& what) { return what.has(channel, step); };
  const auto scan = st.scans.find(step.scan);
  return (scan != st.scans.end() && knows(scan->second.what))
         || std::any_of(st.later.begin(), st.later.end(),
                        [&](const auto& each) { return knows(each.second); });
}

void add_step(self_ptr self, const offered& what) {
  const auto now = self->state.world.now();
  if (what.not_before > now) {
    self->delayed_send(self, what.not_before - now, what);
    return;
  }
  const auto channel = self->state.options.channel_of(what.what.agent);
  if (is_known(self->state, channel, what.what))
    return;
  auto& into = gather(self, what.what.scan);
  note_first(self, into);
  into.what.steps[channel].push_back({what.what, what.since});
}

void add_rest(self_ptr self, const to_tell& what) {
  const auto& published = self->state.published;
  const auto last = published.find(what.what.migration);
  if (last != published.end() && last->second == what.what.telling.number)
    return;
  auto& into = gather(self, what.scan);
  note_first(self, into);
  into.what.rests[what.what.migration] = what;
}

void forget(self_ptr self, const not_to_tell& what) {
  auto& st = self->state;
  st.published.erase(what.id);
  if (const auto scan = st.scans.find(what.scan); scan != st.scans.end())
    scan->second.what.rests.erase(what.id);
  for (auto& [due, waiting] : st.later)
    waiting.rests.erase(what.id);
}

} // namespace

digest_actor::behavior_type digest(digest_actor::stateful_pointer<digest_state> self,
                                   digest_options options, std::shared_ptr<const shard_ring> shards,
                                   ambient world) {
  auto& st = self->state;
  st.options = std::move(options);
  st.shards = std::move(shards);
  st.world = std::move(world);
  self->delayed_send(self, tick_every, atom::tick_v);
  return {
      [=](const offered& what) { add_step(self, what); },
      [=](const to_tell& what) { add_rest(self, what); },
      [=](const not_to_tell& what) { forget(self, what); },
      [=](const motion& what) {
        auto& into = gather(self, what.scan);
        if (what.moving)
          into.moving.insert(what.id);
        else
          into.moving.erase(what.id);
      },
      [=](atom::tick) { tick(self); },
  };
}

} // namespace skein::actors
