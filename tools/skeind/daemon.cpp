#include "tools/run_file.hpp"
#include "tools/skeind/daemon_bus.hpp"
#include "tools/skeind/ending.hpp"
#include "tools/skeind/instance_lock.hpp"
#include "tools/skeind/options.hpp"

#include "actors/api/api_service.hpp"
#include "actors/api/token_file.hpp"
#include "actors/coordinator.hpp"
#include "actors/fleet_role.hpp"
#include "actors/notifier_role.hpp"
#include "actors/scanner_role.hpp"
#include "actors/worker_facts.hpp"
#include "config/workspace.hpp"

#include <cstdlib>
#include <deque>
#include <unistd.h>
#include <utility>

namespace skein::daemon {

namespace {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

/// A coordinator that fails more often than this will not be helped by another start.
constexpr std::size_t restarts_max = 3;
constexpr std::chrono::seconds restarts_window{60};

/// The bill of materials: members in the order in which they come to be. They end in reverse, so
/// that nothing is ended before what uses it.
class process {
public:
  explicit process(const options& given) : given_{given} {}

  expected<void> start();
  expected<void> wait();

private:
  expected<void> load();
  expected<void> lock();
  expected<void> start_log();
  expected<void> start_bus();
  expected<void> start_coordinator();
  expected<void> start_notifier();
  expected<void> start_fleet();
  expected<void> start_scanner();
  expected<void> start_other_roles();
  expected<void> write_address();
  expected<void> restart_coordinator(const std::string& why);
  std::string metadata_url() const;
  actors::variables access() const;
  actors::variables nats_access() const;

  const options& given_;
  bool start_paused_ = given_.start_paused; ///< once: not when the coordinator has to start again
  ending ending_; // first: it blocks the signals for every thread that follows
  config::workspace space_;
  std::deque<instance_lock> locks_;
  struct run_file_guard {
    fs::path state;
    ~run_file_guard() {
      if (!state.empty())
        tools::remove_run_file(state);
    }
  } written_;
  std::unique_ptr<daemon_bus> bus_;
  uint16_t http_port_ = 0;
  const actors::own_tokens own_{actors::make_token(), actors::make_token()};
  std::unique_ptr<actors::coordinator> coordinator_;
  std::unique_ptr<actors::notifier_role> notifier_;
  std::unique_ptr<actors::fleet_role> fleet_;
  std::unique_ptr<actors::scanner_role> scanner_;
  std::deque<clock::time_point> restarts_;
};

expected<void> process::load() {
  auto loaded = config::load_workspace(given_.workspace);
  if (!loaded)
    return tl::unexpected{config::joined(loaded.error())};
  space_ = std::move(*loaded);
  std::error_code error;
  // What it says of datasets and people is nobody else's business.
  if (fs::create_directories(space_.state, error))
    fs::permissions(space_.state, fs::perms::owner_all, error);
  if (error)
    return fail("cannot make the state folder " + space_.state.string() + ": " + error.message());
  return {};
}

expected<void> process::lock() {
  for (const auto* role : {"coordinator", "scanner", "fleet", "notifier"}) {
    if (!given_.has(role))
      continue;
    // Several workers may share a host and a folder, under different names.
    const auto name = std::string{role} == "fleet" ? "fleet-" + given_.worker : std::string{role};
    auto taken = instance_lock::take(space_.state, name);
    if (!taken)
      return tl::unexpected{taken.error()};
    locks_.push_back(std::move(*taken));
  }
  return {};
}

expected<void> process::start_log() {
  log::options options;
  options.least = given_.least;
  options.name = "skeind";
  if (!given_.log_to_stderr)
    options.file = space_.state / "skeind.log";
  return log::start(options);
}

expected<void> process::start_bus() {
  auto started = daemon_bus::start(space_, given_);
  if (!started)
    return tl::unexpected{started.error()};
  bus_ = std::move(*started);
  ending_.on_hangup([bus = bus_.get()] { bus->reload_access(); });
  return {};
}

expected<void> process::start_coordinator() {
  if (!given_.has("coordinator"))
    return {};
  const auto bus = bus_->as(cluster::bus_role::coordinator);
  if (!bus)
    return tl::unexpected{bus.error()};
  auto started = actors::coordinator::start(
      {&space_, *bus, bus_->url(), http_port_,
       [this](std::string why) { ending_.report_failure(std::move(why)); }, own_,
       std::exchange(start_paused_, false), nats_access()});
  if (!started)
    return tl::unexpected{started.error()};
  coordinator_ = std::move(*started);
  http_port_ = coordinator_->http_port();
  return {};
}

/// What lets in an agent that is not an attempt. Its token is the daemon's own, or, away from its
/// coordinator, the one that this process was given in SKEIN_TOKEN.
actors::variables process::access() const {
  const auto running = tools::read_run_file(space_.state);
  const char* given = std::getenv("SKEIN_TOKEN");
  const auto url = coordinator_ ? coordinator_->http_url()
                   : running    ? running->http
                                : space_.http.url;
  const auto token = coordinator_ ? own_.agents : std::string{given == nullptr ? "" : given};
  auto all = url.empty() ? actors::variables{} : actors::api_environment(space_, url, token);
  const auto access = nats_access();
  all.insert(all.end(), access.begin(), access.end());
  return all;
}

actors::variables process::nats_access() const {
  return actors::nats_environment(space_.nats, bus_->agents());
}

std::string process::metadata_url() const {
  if (!given_.metadata_url.empty())
    return given_.metadata_url;
  if (coordinator_)
    return coordinator_->metadata_url();
  if (!space_.metadata_url.empty())
    return space_.metadata_url;
  const auto running = tools::read_run_file(space_.state);
  return running ? running->http + "/metadata" : std::string{};
}

expected<void> process::start_notifier() {
  const auto bus = bus_->as(cluster::bus_role::notifier);
  if (!bus)
    return tl::unexpected{bus.error()};
  auto started
      = actors::notifier_role::start({&space_, *bus, metadata_url(), bus_->url(), access()});
  if (!started)
    return tl::unexpected{started.error()};
  notifier_ = std::move(*started);
  return {};
}

expected<void> process::start_fleet() {
  const auto bus = bus_->as(cluster::bus_role::fleet);
  if (!bus)
    return tl::unexpected{bus.error()};
  auto started = actors::fleet_role::start({&space_, *bus, given_.worker, "default", {}});
  if (!started)
    return tl::unexpected{started.error()};
  fleet_ = std::move(*started);
  return {};
}

expected<void> process::start_scanner() {
  const auto bus = bus_->as(cluster::bus_role::scanner);
  if (!bus)
    return tl::unexpected{bus.error()};
  auto started
      = actors::scanner_role::start({&space_, *bus, metadata_url(), bus_->url(), access()});
  if (!started)
    return tl::unexpected{started.error()};
  scanner_ = std::move(*started);
  return {};
}

expected<void> process::start_other_roles() {
  using step = expected<void> (process::*)();
  const std::pair<const char*, step> all[]{{"notifier", &process::start_notifier},
                                           {"fleet", &process::start_fleet},
                                           {"scanner", &process::start_scanner}};
  for (const auto& [role, start] : all)
    if (given_.has(role))
      if (auto ok = (this->*start)(); !ok)
        return ok;
  return {};
}

expected<void> process::write_address() {
  if (!coordinator_)
    return {};
  written_.state = space_.state;
  return tools::write_run_file(space_.state,
                               {getpid(), coordinator_->http_url(), bus_->url(), own_.console,
                                space_.http.ca.string(), space_.http.own_certificate.string(),
                                space_.http.own_key.string(), bus_->console()});
}

expected<void> process::start() {
  using step = expected<void> (process::*)();
  for (const step next :
       {&process::load, &process::lock, &process::start_log, &process::start_bus,
        &process::start_coordinator, &process::start_other_roles, &process::write_address})
    if (auto ok = (this->*next)(); !ok)
      return ok;
  log::info("daemon-started", "workspace {}, bus {}", space_.root.string(), bus_->url());
  return {};
}

/// The log is the only truth: a coordinator that failed is made anew from it.
expected<void> process::restart_coordinator(const std::string& why) {
  const auto now = clock::now();
  while (!restarts_.empty() && restarts_.front() + restarts_window < now)
    restarts_.pop_front();
  if (restarts_.size() >= restarts_max)
    return fail("the coordinator failed " + std::to_string(restarts_max + 1) + " times in "
                + std::to_string(restarts_window.count()) + " s, at last: " + why);
  restarts_.push_back(now);
  log::error("coordinator-failed", "{}; it is started again", why);
  coordinator_.reset();
  return start_coordinator();
}

expected<void> process::wait() {
  while (auto why = ending_.wait())
    if (auto ok = restart_coordinator(*why); !ok)
      return ok;
  log::info("daemon-stopping", "asked to stop");
  return {};
}

} // namespace

expected<void> run(const options& given) {
  process all{given};
  if (auto ok = all.start(); !ok)
    return ok;
  return all.wait();
}

} // namespace skein::daemon
