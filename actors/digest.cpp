#include "actors/digest.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using self_ptr = digest_actor::stateful_pointer<digest_state>;

constexpr auto tick_every = std::chrono::milliseconds{250};
constexpr auto patience = std::chrono::seconds{30};

/// What is told of migrations that rest goes out by mail, whatever their workflow's last step is.
const std::string channel_of_rests = "email";

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

bool has_news(const gathering& x) { return !x.steps.empty() || !x.rests.empty(); }

void note_first(self_ptr self, gathering& x) {
  if (!has_news(x))
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

void start(self_ptr self, const step_info& step, const std::shared_ptr<batch>& into) {
  const auto& st = self->state;
  migration::command cmd{
      st.world.now(),
      notifier_worker,
      {},
      st.world.random(),
      migration::start_attempt{step.step, notifier_worker, st.options.lease_ttl}};
  self->request(st.shards->of(step.id), patience, deliver{step.id, std::move(cmd)})
      .then(
          [=](receipt& done) {
            into->notices.push_back(notice_of(*done.started));
            --into->open;
            publish_when_complete(self, into);
          },
          [=](const caf::error& why) {
            if (why != fault::refused)
              self->send(self->state.shards->of(step.id), atom::wake_v, step.id);
            --into->open;
            publish_when_complete(self, into);
          });
}

std::shared_ptr<batch> batch_for(std::map<std::string, std::shared_ptr<batch>>& batches,
                                 const std::string& channel, const std::string& digest) {
  auto& found = batches[channel];
  if (!found)
    found = std::make_shared<batch>(batch{channel, digest + "-" + channel, 0, {}});
  return found;
}

/// Closes a scan's digest: one batch for each channel.
void close(self_ptr self, const std::string& scan, gathering what) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(self->state.world.now());
  const auto digest = scan + "-" + std::to_string(ms.time_since_epoch().count());
  std::map<std::string, std::shared_ptr<batch>> batches;
  for (auto& [id, notice] : what.rests)
    batch_for(batches, channel_of_rests, digest)->notices.push_back(std::move(notice));
  for (const auto& [channel, steps] : what.steps)
    batch_for(batches, channel, digest)->open = steps.size();
  for (const auto& [channel, steps] : what.steps)
    for (const auto& step : steps)
      start(self, step, batches.at(channel));
  for (const auto& [channel, ready] : batches)
    publish_when_complete(self, ready);
}

bool is_complete(const digest_options& options, const gathering& x, migration::timestamp now) {
  if (!has_news(x))
    return false;
  return (x.moving.empty() && now >= x.stirred + options.quiet)
         || now >= x.first + options.wait_max;
}

void tick(self_ptr self) {
  auto& st = self->state;
  const auto now = st.world.now();
  if (st.options.steering->now()->is_halted)
    return self->delayed_send(self, tick_every, atom::tick_v);
  for (auto at = st.scans.begin(); at != st.scans.end();) {
    auto& [scan, what] = *at;
    if (is_complete(st.options, what, now)) {
      auto still_moving = what.moving;
      close(self, scan, std::exchange(what, {}));
      what.moving = std::move(still_moving);
      what.stirred = now;
    }
    const auto is_over = what.moving.empty() && !has_news(what);
    at = is_over ? st.scans.erase(at) : std::next(at);
  }
  self->delayed_send(self, tick_every, atom::tick_v);
}

void add_step(self_ptr self, const offered& what) {
  const auto now = self->state.world.now();
  if (what.not_before > now) {
    self->delayed_send(self, what.not_before - now, what);
    return;
  }
  auto& into = gather(self, what.what.scan);
  note_first(self, into);
  auto& steps = into.steps[self->state.options.channel_of(what.what.agent)];
  const auto same = [&](const step_info& x) { return key_of(x) == key_of(what.what); };
  if (std::find_if(steps.begin(), steps.end(), same) == steps.end())
    steps.push_back(what.what);
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
      [=](const to_tell& what) {
        auto& into = gather(self, what.scan);
        note_first(self, into);
        into.rests[what.what.migration] = what.what;
      },
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
