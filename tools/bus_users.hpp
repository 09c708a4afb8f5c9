#pragma once

#include "cluster/bus_identity.hpp"
#include "cluster/nats_config.hpp"
#include "config/workspace.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// As whom to connect to the bus.
///
/// `bus_users.json` in the state folder says who may connect to the embedded nats-server. Only its
/// owner may read it. Each role of Skein has a user of its own, named like it, whose password is
/// kept, since whoever runs a role on this host needs it; of users that were added only a hash is.
namespace skein::tools {

struct bus_user {
  std::string name;
  cluster::bus_role role = cluster::bus_role::viewer;
  std::string password; ///< as the server takes it: in full or as a bcrypt hash
  std::string created;  ///< RFC 3339
  bool is_own = false;  ///< one of Skein's roles
};

std::filesystem::path bus_users_file(const std::filesystem::path& state);

/// Nothing in it, if there is no such file.
expected<std::vector<bus_user>> read_bus_users(const std::filesystem::path& state);

/// The same, after the roles that have no user yet were given one.
expected<std::vector<bus_user>> make_bus_users(const std::filesystem::path& state);

/// Answers the password, which cannot be had again.
expected<std::string> add_bus_user(const std::filesystem::path& state, const std::string& name,
                                   cluster::bus_role role);

/// One of Skein's own gets a new password at the daemon's next start.
expected<void> remove_bus_user(const std::filesystem::path& state, const std::string& name);

/// For the server's configuration.
std::vector<cluster::nats_user> server_users(const std::vector<bus_user>&);

/// As that role's own user; nothing, if there is none.
std::optional<cluster::bus_identity> own_identity(const std::vector<bus_user>&, cluster::bus_role);

/// As whom the workspace says that Skein connects to a server of somebody else's; what it does not
/// say comes from this process's environment. Fails when the password is not where it says.
expected<cluster::bus_identity> configured_identity(const config::nats&);

/// The same identity with the certificates that the workspace names.
cluster::bus_identity with_certificates(cluster::bus_identity, const config::nats&);

} // namespace skein::tools
