#include "tests/simulation/coordinator_process.hpp"

#include "actors/backlog.hpp"
#include "actors/digest.hpp"
#include "actors/intake.hpp"
#include "actors/journal.hpp"
#include "actors/notice_sender.hpp"
#include "actors/pool.hpp"
#include "actors/projection.hpp"
#include "actors/projector.hpp"
#include "actors/relay.hpp"
#include "actors/reminder.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::simulation {

namespace {

using namespace std::chrono_literals;
using namespace actors;

constexpr uint64_t projected_at_once = 50;
constexpr std::size_t shard_count = 2;

template <class T>
std::shared_ptr<const T> as_const(const std::shared_ptr<T>& x) {
  return x;
}

uint64_t last_status(const durable_stream& status) {
  const auto& all = status.entries();
  if (all.empty())
    return 0;
  for (const auto& [name, value] : all.back().message.headers)
    if (name == sequence_header)
      return std::stoull(value);
  return 0;
}

/// The view for as long as there is power.
class powered_view : public store::view_reader {
public:
  powered_view(disk& on, std::shared_ptr<bool> lives) : on_{on}, lives_{std::move(lives)} {}

  expected<std::optional<std::string>> get(std::string_view key) const override {
    return *lives_ ? on_.view().get(key) : std::optional<std::string>{};
  }

  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const store::row_visitor& visit) const override {
    return *lives_ ? on_.view().scan(prefix, after, limit, visit) : expected<void>{};
  }

  uint64_t cursor() const override { return *lives_ ? on_.view().cursor() : 0; }

private:
  disk& on_;
  std::shared_ptr<bool> lives_;
};

caf::behavior ordering(caf::event_based_actor* self, const shard_actor& to, deliver what,
                       const std::function<void(const receipt&)>& done) {
  self->request(to, 30s, std::move(what)).then(done, [](const caf::error&) {});
  return {};
}

} // namespace

coordinator_process::coordinator_process(const parts& given)
    : given_{given},
      log_{given.disk->open()},
      world_{[at = given.world] { return at->now; },
             [at = given.world] { return at->dice.next(); }} {
  while (*project_batch(*log_, given_.disk->view(), projected_at_once) < log_->last_sequence())
    ;
  spawn();
  take_up_work();
}

coordinator_process::~coordinator_process() {
  *lives_ = false;
  // A shard is not killed, since its migrations would outlive it: it ends them, before anything
  // else, and itself. None of them has any power left meanwhile.
  for (const auto& each : watched_)
    caf::anon_send_exit(each.actor, each.name == "shard" ? caf::exit_reason::user_shutdown
                                                         : caf::exit_reason::kill);
  for (const auto& each : all_)
    caf::anon_send_exit(each, caf::exit_reason::kill);
  given_.disk->lose_power();
}

template <class Handle>
Handle coordinator_process::watch(const char* name, Handle hdl) {
  watched_.push_back({name, caf::actor_cast<caf::actor>(hdl)});
  return hdl;
}

publish_batch coordinator_process::publisher(durable_stream& to) {
  return [lives = lives_, &to](std::span<const cluster::durable_message> messages) {
    return *lives ? to.publish(messages) : cluster::batch_result{0, "the power is off"};
  };
}

pool_actor coordinator_process::spawn_pool() {
  pool_options options;
  options.limits = given_.world->given.limits;
  options.breakers = given_.world->given.breakers;
  options.lease_ttl = given_.world->given.lease_ttl;
  options.equip = [](bus::assignment& work) -> expected<void> {
    work.command = {work.agent};
    return {};
  };
  return watch("pool", given_.system->spawn(pool, std::move(options), as_const(shards_), world_));
}

digest_actor coordinator_process::spawn_digest() {
  auto sender = watch("notice sender",
                      given_.system->spawn(notice_sender, publisher(given_.streams->notices)));
  digest_options options;
  options.wait_max = 20s;
  options.how = given_.world->given.how;
  options.channels = {channel, other_channel};
  options.lease_ttl = 15s;
  options.channel_of = [](const std::string&) { return std::string{channel}; };
  options.publish = [sender, lives = lives_,
                     checks = given_.checks](const std::string& to, std::vector<bus::notice> list) {
    if (!*lives)
      return;
    checks->says(list);
    caf::anon_send(sender, notices{to, std::move(list)});
  };
  return watch("digest",
               given_.system->spawn(digest, std::move(options), as_const(shards_), world_));
}

void coordinator_process::spawn() {
  auto& system = *given_.system;
  auto context = std::make_shared<migration_context>();
  context->log = log_;
  context->journal = journal_ = watch("journal", system.spawn(journal, log_, queue_gauge{}));
  context->pool = pool_ = spawn_pool();
  context->digest = spawn_digest();
  context->view = std::make_shared<powered_view>(*given_.disk, lives_);
  context->awake_max = given_.world->given.awake_max;
  context->tells = [](const std::string& agent) { return agent == telling_agent; };
  std::vector<shard_actor> all;
  for (std::size_t i = 0; i < shard_count; ++i)
    all.push_back(
        watch("shard", system.spawn(shard, as_const(context), as_const(shards_), world_)));
  shards_->fill(std::move(all));
  watch("reminder", system.spawn(reminder, context->view, as_const(shards_), world_));
  intake_
      = watch("intake", system.spawn(intake, given_.world->given.flow, as_const(shards_), world_));
  const auto relay_
      = watch("relay", system.spawn(relay, relay_options{log_, last_status(given_.streams->status),
                                                         publisher(given_.streams->status)}));
  auto next = [log = log_, lives = lives_, disk = given_.disk]() -> expected<uint64_t> {
    return *lives ? project_batch(*log, disk->view(), projected_at_once) : log->last_sequence();
  };
  const auto projector_ = watch("projector", system.spawn(projector, std::move(next)));
  all_.push_back(
      system.spawn(root, watched_, [failure = failure_, lives = lives_](std::string why) {
        if (*lives)
          *failure = std::move(why);
      }));
  caf::anon_send(journal_, atom::listen_v, caf::actor_cast<log_listener_actor>(relay_));
  caf::anon_send(journal_, atom::listen_v, caf::actor_cast<log_listener_actor>(projector_));
}

void coordinator_process::take_up_work() {
  auto running = *running_attempts(given_.disk->view());
  for (auto& each : running)
    caf::anon_send(pool_, std::move(each));
  shards_->take_up_work();
}

template <class Call, class Reply>
auto coordinator_process::witnessed(const Call& call, std::function<void(const Reply&)> reply) {
  return [lives = lives_, checks = given_.checks, call, reply](const Reply& what) {
    if (!*lives)
      return;
    checks->says(call, what);
    reply(what);
  };
}

void coordinator_process::hear(const bus::lease_request& call,
                               std::function<void(const bus::lease_reply&)> reply) {
  caf::anon_send(pool_, lease_call{call, witnessed(call, std::move(reply))});
}

void coordinator_process::hear(const bus::report& call,
                               std::function<void(const bus::report_reply&)> reply) {
  caf::anon_send(pool_, report_call{call, witnessed(call, std::move(reply))});
}

void coordinator_process::hear(const bus::heartbeat& call,
                               std::function<void(const bus::heartbeat_reply&)> reply) {
  caf::anon_send(pool_, heartbeat_call{call, witnessed(call, std::move(reply))});
}

void coordinator_process::fetch_actions() {
  for (const auto* one : given_.streams->actions.fetch(room_))
    hand_over(*one);
}

void coordinator_process::hand_over(const durable_stream::entry& one) {
  --room_;
  const auto request = *bus::decode<bus::migrate_request>(one.message.data, bus::encoding::json);
  const auto sequence = one.sequence;
  const auto settle = [this, lives = lives_, sequence](bool is_done) {
    if (!*lives)
      return;
    ++room_;
    if (is_done)
      given_.streams->actions.ack(sequence);
    else
      given_.streams->actions.nak(sequence, 1s);
  };
  caf::anon_send(intake_, intake_item{
                              request,
                              [this, lives = lives_, request, settle] {
                                if (*lives)
                                  given_.checks->lets_go_of(request);
                                settle(true);
                              },
                              [settle](const std::string&) { settle(true); },
                              [settle] { settle(false); },
                          });
}

void coordinator_process::order(const std::string& id, migration::order what, std::string actor) {
  migration::command cmd{world_.now(), std::move(actor), "as it seems right", world_.random(),
                         std::move(what)};
  given_.system->spawn(ordering, shards_->of(id), deliver{id, std::move(cmd)},
                       [lives = lives_, checks = given_.checks, id](const receipt& done) {
                         if (*lives)
                           checks->says(id, done);
                       });
}

} // namespace skein::simulation
