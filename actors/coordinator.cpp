#include "actors/coordinator.hpp"

#include "actors/api/api_service.hpp"
#include "actors/api/measured_log.hpp"
#include "actors/backlog.hpp"
#include "actors/bus_ports.hpp"
#include "actors/coordinator_wiring.hpp"
#include "actors/digest.hpp"
#include "actors/intake.hpp"
#include "actors/intake_pump.hpp"
#include "actors/journal.hpp"
#include "actors/metadata_import.hpp"
#include "actors/notary.hpp"
#include "actors/notice_sender.hpp"
#include "actors/pool.hpp"
#include "actors/projection.hpp"
#include "actors/projector.hpp"
#include "actors/relay.hpp"
#include "actors/reminder.hpp"
#include "actors/root.hpp"
#include "actors/shard.hpp"
#include "actors/steersman.hpp"
#include "actors/system.hpp"
#include "cluster/subjects.hpp"
#include "config/log.hpp"
#include "config/owner_channels.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

constexpr uint64_t projected_at_once = 2000;
constexpr std::size_t shard_count = 4;
constexpr std::chrono::seconds publish_patience{5};

/// For /readyz: without the bus nobody is heard.
expected<void> can_work(const cluster::bus& bus) {
  if (bus.is_connected())
    return {};
  return fail("there is no connection to the bus; neither workers nor the scanner are heard");
}

} // namespace

/// The bill of materials, in the order in which things come to be; they end in reverse.
struct coordinator::impl {
  explicit impl(const parts& given_) : given{given_}, space{*given_.space} {}

  ~impl() { stop(); }

  expected<void> open_stores();
  expected<void> load_catalog();
  expected<void> open_api();
  expected<void> listen();
  expected<void> prepare_bus();
  expected<void> spawn();
  expected<void> take_up_work();
  expected<void> hear_the_bus();
  void stop();

  template <class Handle>
  Handle watch(const char* name, Handle hdl) {
    watched.push_back({name, caf::actor_cast<caf::actor>(hdl)});
    return hdl;
  }

  pool_actor spawn_pool();
  digest_actor spawn_digest();
  notary_actor spawn_notary();
  steersman_actor spawn_steersman();
  publish_batch publisher() const;

  const parts given;
  const config::workspace& space;
  ambient world = real_ambient();

  std::shared_ptr<metrics> counted = std::make_shared<metrics>();
  std::shared_ptr<store::event_log> log;   ///< the truth
  std::shared_ptr<store::view_store> view; ///< what the log comes to
  std::unique_ptr<projection> shadow;      ///< the view's one writer
  std::shared_ptr<steering_book> steering = std::make_shared<steering_book>();
  std::shared_ptr<notary_rounds> rounds; ///< what the log can prove
  std::unique_ptr<store::metadata_store> metadata;
  std::map<std::string, std::vector<std::string>> owner_channels; ///< that the catalog has
  std::unique_ptr<api_service> api;                               ///< what answers HTTP

  system_config config;
  std::unique_ptr<caf::actor_system> system;
  std::shared_ptr<shard_ring> shards = std::make_shared<shard_ring>();
  journal_actor journal_;
  pool_actor pool_;
  intake_actor intake_;
  steersman_actor steersman_;
  std::vector<watched_actor> watched;
  caf::actor root_;

  std::string metadata_url;
  variables for_agents; ///< all of them; outlives the server, since the pool may still ask
  std::vector<cluster::subscription> subscriptions;
  std::unique_ptr<intake_pump> pump;
};

expected<void> coordinator::impl::open_stores() {
  auto opened = store::open_log(space.state / "log");
  if (!opened)
    return tl::unexpected{opened.error()};
  log = measure(std::move(*opened), counted);
  if (!log->warning().empty())
    log::warn("log-cut", "{}", log->warning());
  auto seen = store::open_view(space.state / "view");
  if (!seen)
    return tl::unexpected{seen.error()};
  view = std::move(*seen);
  shadow = std::make_unique<projection>(*log, *view);
  return shadow->catch_up(projected_at_once);
}

expected<void> coordinator::impl::load_catalog() {
  if (!space.metadata_url.empty())
    return {};
  auto opened = store::open_metadata_store(space.state / "metadata");
  if (!opened)
    return tl::unexpected{opened.error()};
  metadata = std::move(*opened);
  auto read = config::load_catalog(space.catalog);
  if (!read)
    return tl::unexpected{config::joined(read.error())};
  auto channels = config::owner_channels(space, *read);
  if (!channels)
    return tl::unexpected{config::joined(channels.error())};
  owner_channels = *std::move(channels);
  const auto taken = import_catalog(*read, *metadata);
  if (!taken)
    return tl::unexpected{taken.error()};
  log::info("catalog-loaded", "{} documents added, {} changed, {} removed, {} as they were",
            taken->added, taken->changed, taken->removed, taken->unchanged);
  for (const auto& sentence : taken->kept)
    log::info("catalog-version-kept", "{}", sentence);
  return {};
}

expected<void> coordinator::impl::open_api() {
  auto opened = api_service::open(
      {given.space, log.get(), view.get(), metadata.get(), counted, given.own, world, steering});
  if (!opened)
    return tl::unexpected{opened.error()};
  api = std::move(*opened);
  return {};
}

expected<void> coordinator::impl::listen() {
  api_service::ports ports{order_port(*system, space, shards, *log, *given.bus, world),
                           fleet_port(*system, pool_),
                           [bus = given.bus] { return can_work(*bus); },
                           say_port_of(*given.bus),
                           steering_port(*system, steersman_),
                           steering_rehearsal(*log, world)};
  if (auto ok = api->listen(std::move(ports), given.http_port); !ok)
    return ok;
  metadata_url = space.metadata_url.empty() ? api->url() + "/metadata" : space.metadata_url;
  // What the agent's own definition says comes behind it, and wins.
  for_agents = given.nats_access;
  const auto usual = default_environment(space, metadata_url, given.nats_url);
  for_agents.insert(for_agents.end(), usual.begin(), usual.end());
  return {};
}

expected<void> coordinator::impl::prepare_bus() {
  for (const auto& stream : cluster::streams::all(action_subjects(space)))
    if (auto ok = given.bus->ensure_stream(stream); !ok)
      return ok;
  return {};
}

pool_actor coordinator::impl::spawn_pool() {
  pool_options options;
  options.limits = dispatch_limits_of(space);
  options.breakers = space.breakers;
  options.lease_ttl = space.fleet.lease_ttl;
  options.steering = steering;
  options.equip = [this](bus::assignment& work) {
    return equip(space, for_agents, work).map([&] { api->equip(work); });
  };
  return watch("pool", system->spawn(pool, std::move(options),
                                     std::shared_ptr<const shard_ring>{shards}, world));
}

publish_batch coordinator::impl::publisher() const {
  return [bus = given.bus](std::span<const cluster::durable_message> messages) {
    return bus->publish_durable_batch(messages, publish_patience);
  };
}

digest_actor coordinator::impl::spawn_digest() {
  auto sender = watch("notice sender", system->spawn<caf::detached>(notice_sender, publisher()));
  digest_options options;
  options.wait_max = space.notifications.digest_wait;
  options.steering = steering;
  options.how = space.notifications;
  options.how.of_owners = owner_channels;
  options.channels = space.channels();
  options.channel_of = [this](const std::string& agent) { return channel_of(space, agent); };
  options.publish = [sender](const std::string& channel, std::vector<bus::notice> list) {
    caf::anon_send(sender, notices{channel, std::move(list)});
  };
  return watch("digest", system->spawn(digest, std::move(options),
                                       std::shared_ptr<const shard_ring>{shards}, world));
}

notary_actor coordinator::impl::spawn_notary() {
  const auto& paths = space.audit;
  rounds = std::make_shared<notary_rounds>(
      head_book_parts{log, space.state / "audit" / "tree", paths.key, paths.heads_file},
      publisher(), world);
  return watch("notary",
               system->spawn<caf::detached>(notary, notary_options{rounds, paths.head_every}));
}

steersman_actor coordinator::impl::spawn_steersman() {
  auto then = read_steering(*log);
  auto fleet = then.state;
  fleet.is_halted = fleet.is_halted || given.start_paused; // which is in the log a moment later
  steering->set(std::make_shared<const steering::state>(std::move(fleet)));
  steersman_options options{
      log, view, steering,
      [this](const steering::bulk_plan& plan) { return order_of(space, plan); }, std::move(then)};
  return watch("steersman",
               system->spawn<caf::detached>(steersman, std::move(options),
                                            std::shared_ptr<const shard_ring>{shards}, world));
}

expected<void> coordinator::impl::spawn() {
  const auto flow = space.workflows.find(space.workflow);
  if (flow == space.workflows.end())
    return fail("the workspace has no workflow '" + space.workflow + "'");
  const auto published = status_position(*given.bus, *log);
  if (!published)
    return tl::unexpected{published.error()};
  system = std::make_unique<caf::actor_system>(config);
  auto context = std::make_shared<migration_context>();
  context->log = log;
  context->journal = journal_
      = watch("journal", system->spawn<caf::detached>(journal, log, counted->queue("journal")));
  context->pool = pool_ = spawn_pool();
  context->digest = spawn_digest();
  context->view = view;
  context->tells = [this](const std::string& agent) { return !channel_of(space, agent).empty(); };
  std::vector<shard_actor> all;
  for (std::size_t i = 0; i < shard_count; ++i)
    all.push_back(
        watch("shard", system->spawn(shard, std::shared_ptr<const migration_context>{context},
                                     std::shared_ptr<const shard_ring>{shards}, world)));
  shards->fill(std::move(all));
  steersman_ = spawn_steersman();
  watch("reminder",
        system->spawn<caf::detached>(reminder, std::shared_ptr<const store::view_reader>{view},
                                     std::shared_ptr<const shard_ring>{shards}, world));
  intake_ = watch("intake", system->spawn(intake, flow->second,
                                          std::shared_ptr<const shard_ring>{shards}, world));
  const auto relay_ = watch(
      "relay", system->spawn<caf::detached>(relay, relay_options{log, *published, publisher()}));
  const auto projector_ = watch("projector", system->spawn<caf::detached>(projector, [this] {
    auto reached = shadow->next(projected_at_once,
                                [this](auto type, auto count) { counted->happened(type, count); });
    api->grew();
    return reached;
  }));
  const auto notary_ = spawn_notary();
  root_ = system->spawn(root, watched, given.on_failure);
  caf::anon_send(journal_, atom::listen_v, caf::actor_cast<log_listener_actor>(relay_));
  caf::anon_send(journal_, atom::listen_v, caf::actor_cast<log_listener_actor>(projector_));
  caf::anon_send(journal_, atom::listen_v, caf::actor_cast<log_listener_actor>(notary_));
  return {};
}

/// The pool hears of all that runs before it hears the first worker: else it would hand out leases
/// beside those that it does not know of yet, beyond every limit.
expected<void> coordinator::impl::take_up_work() {
  auto running = running_attempts(*view);
  if (!running)
    return tl::unexpected{running.error()};
  log::info("coordinator-started", "{} events in the log, {} attempts that run",
            log->last_sequence(), running->size());
  for (auto& each : *running)
    caf::anon_send(pool_, std::move(each));
  shards->take_up_work();
  if (given.start_paused)
    caf::anon_send(steersman_, steering_order{steering::halt{}, "skein/start",
                                              "skeind was started with --start-paused"});
  caf::anon_send(steersman_, atom::tick_v);
  return {};
}

expected<void> coordinator::impl::hear_the_bus() {
  for (const auto& pool_name : {fleet_pool, std::string{notifier_pool}}) {
    auto heard = serve_workers(*given.bus, pool_, pool_name);
    if (!heard)
      return tl::unexpected{heard.error()};
    std::move(heard->begin(), heard->end(), std::back_inserter(subscriptions));
  }
  auto agents
      = hear_agents(*given.bus, [to = api.get()](auto line) { to->heard(std::move(line)); });
  if (!agents)
    return tl::unexpected{agents.error()};
  subscriptions.push_back(std::move(*agents));
  auto started = intake_pump::start(*given.bus, intake_, space.limits.intake, steering,
                                    counted->queue("intake"));
  if (!started)
    return tl::unexpected{started.error()};
  pump = std::move(*started);
  return {};
}

void coordinator::impl::stop() {
  pump.reset();
  subscriptions.clear();
  if (api)
    api->close();
  if (!system)
    return;
  if (root_)
    caf::anon_send_exit(root_, caf::exit_reason::user_shutdown);
  else // what failed to start has no root yet
    for (const auto& each : watched)
      caf::anon_send_exit(each.actor, caf::exit_reason::user_shutdown);
  // Until the last has ended, one may still look for a shard.
  system->await_all_actors_done();
  if (rounds)
    rounds->finish(); // now that nothing is appended any more
  rounds.reset();
  shards->fill({});
  watched.clear();
  journal_ = nullptr;
  pool_ = nullptr;
  intake_ = nullptr;
  steersman_ = nullptr;
  root_ = nullptr;
  system.reset();
}

expected<std::unique_ptr<coordinator>> coordinator::start(const parts& given) {
  auto owned = std::make_unique<impl>(given);
  using step = expected<void> (impl::*)();
  for (const step next :
       {&impl::open_stores, &impl::load_catalog, &impl::open_api, &impl::prepare_bus, &impl::spawn,
        &impl::listen, &impl::take_up_work, &impl::hear_the_bus})
    if (auto ok = ((*owned).*next)(); !ok)
      return tl::unexpected{ok.error()};
  return std::unique_ptr<coordinator>{new coordinator{std::move(owned)}};
}

coordinator::coordinator(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

coordinator::~coordinator() = default;

uint16_t coordinator::http_port() const { return impl_->api->port(); }

const std::string& coordinator::http_url() const { return impl_->api->url(); }

const std::string& coordinator::metadata_url() const { return impl_->metadata_url; }

} // namespace skein::actors
