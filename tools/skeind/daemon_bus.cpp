#include "tools/skeind/daemon_bus.hpp"

#include "actors/coordinator_wiring.hpp"
#include "cluster/embedded_nats.hpp"
#include "config/log.hpp"
#include "tools/bus_users.hpp"
#include "tools/run_file.hpp"

#include <algorithm>
#include <cstdlib>

namespace skein::daemon {

using cluster::bus_identity;
using cluster::bus_role;

namespace {

std::map<bus_role, bus_identity> own_identities(const std::vector<tools::bus_user>& users) {
  std::map<bus_role, bus_identity> out;
  for (const auto role : cluster::all_bus_roles())
    if (auto own = tools::own_identity(users, role))
      out.emplace(role, std::move(*own));
  return out;
}

} // namespace

daemon_bus::daemon_bus(const config::workspace& space, const options& given)
    : space_{space}, given_{given} {}

daemon_bus::~daemon_bus() = default;

expected<std::unique_ptr<daemon_bus>> daemon_bus::start(const config::workspace& space,
                                                        const options& given) {
  std::unique_ptr<daemon_bus> self{new daemon_bus{space, given}};
  const bool is_ours
      = given.nats_url.empty() && space.nats.is_embedded() && given.has("coordinator");
  if (auto ok = is_ours ? self->start_server() : self->find_server(); !ok)
    return tl::unexpected{ok.error()};
  return self;
}

/// Like the HTTP interface, the bus is open on loopback until somebody is given a token or a user.
expected<cluster::nats_access> daemon_bus::access() const {
  const auto users = tools::make_bus_users(space_.state);
  if (!users)
    return tl::unexpected{users.error()};
  std::error_code ignored;
  const bool is_open
      = config::is_loopback(space_.nats.address)
        && std::all_of(users->begin(), users->end(), [](const auto& x) { return x.is_own; })
        && !std::filesystem::exists(space_.http.tokens, ignored);
  return cluster::nats_access{tools::server_users(*users), is_open,
                              actors::action_subjects(space_)};
}

expected<void> daemon_bus::start_server() {
  const auto& is = space_.nats;
  auto may = access();
  if (!may)
    return tl::unexpected{may.error()};
  own_ = own_identities(*tools::read_bus_users(space_.state));
  auto started = cluster::embedded_nats::start(
      {.folder = space_.state / "nats",
       .port = is.port,
       .address = is.address,
       .access = std::move(*may),
       .tls = {is.certificate, is.key, is.client_ca},
       .on_exit = [](std::string_view why) {
         log::warn("nats-restarted", "the embedded nats-server ended ({}) and is started again",
                   why);
       }});
  if (!started)
    return tl::unexpected{started.error()};
  server_ = std::move(*started);
  url_ = is.url.empty() ? server_->url() : is.url;
  return {};
}

/// A server of this host's daemon knows its roles by the passwords in the state folder; any other
/// gets what the workspace or the environment says.
expected<void> daemon_bus::find_server() {
  const auto running = tools::read_run_file(space_.state);
  url_ = given_.nats_url.empty() ? space_.nats.url : given_.nats_url;
  if (url_.empty() && running)
    url_ = running->nats;
  if (url_.empty())
    return fail("a role without its coordinator needs to know the bus: give --nats, or nats: url: "
                "in skein.yaml");
  auto login = tools::configured_identity(space_.nats);
  if (!login)
    return tl::unexpected{login.error()};
  login_ = std::move(*login);
  if (!login_.user.empty() || !login_.credentials.empty() || !running || running->nats != url_)
    return {};
  const auto users = tools::read_bus_users(space_.state);
  if (!users)
    return tl::unexpected{users.error()};
  own_ = own_identities(*users);
  return {};
}

bus_identity daemon_bus::identity(bus_role role) const {
  const auto found = own_.find(role);
  return found == own_.end() ? login_ : tools::with_certificates(found->second, space_.nats);
}

expected<cluster::bus*> daemon_bus::as(bus_role role) {
  auto who = identity(given_.has("coordinator") ? bus_role::coordinator : role);
  auto& connection = connections_[who.user];
  if (connection)
    return connection.get();
  cluster::bus_options options;
  options.url = url_;
  options.name = "skeind";
  options.on_state
      = [](cluster::bus_state, std::string_view text) { log::info("bus-state", "{}", text); };
  options.identity = std::move(who);
  auto connected = cluster::bus::connect(std::move(options));
  if (!connected)
    return tl::unexpected{connected.error()};
  connection = std::move(*connected);
  return connection.get();
}

bus_identity daemon_bus::agents() const { return identity(bus_role::agent); }

bus_identity daemon_bus::console() const { return identity(bus_role::console); }

void daemon_bus::reload_access() {
  if (!server_)
    return;
  auto may = access();
  const auto count = may ? may->users.size() : 0;
  const auto ok
      = may ? server_->set_access(std::move(*may)) : expected<void>{tl::unexpected{may.error()}};
  if (ok)
    log::info("bus-users-read", "{} users may connect to the bus", count);
  else
    log::error("bus-users-kept", "the users of the bus stay as they were: {}", ok.error().what);
}

} // namespace skein::daemon
