#pragma once

#include "cluster/bus.hpp"
#include "cluster/bus_role.hpp"
#include "cluster/nats_config.hpp"
#include "config/workspace.hpp"
#include "tools/skeind/options.hpp"

#include <map>
#include <memory>
#include <string>

namespace skein::cluster {
class embedded_nats;
}

namespace skein::daemon {

/// The bus as this process has it: the embedded server, if there is to be one here, and a
/// connection for each role, as that role's user where the server tells roles apart.
class daemon_bus {
public:
  /// Starts the server or finds out about it; the workspace outlives this.
  static expected<std::unique_ptr<daemon_bus>> start(const config::workspace&, const options&);
  ~daemon_bus();

  /// The connection of that role; a coordinator's process has one, its own, for all.
  expected<cluster::bus*> as(cluster::bus_role);

  const std::string& url() const { return url_; }

  /// As whom agents connect, and the console of whoever owns the state folder.
  cluster::bus_identity agents() const;
  cluster::bus_identity console() const;

  /// Lets in whoever was added to the list of users, and nobody who was taken out.
  void reload_access();

private:
  daemon_bus(const config::workspace& space, const options& given);
  expected<cluster::nats_access> access() const;
  expected<void> start_server();
  expected<void> find_server();
  cluster::bus_identity identity(cluster::bus_role) const;

  const config::workspace& space_;
  const options& given_;
  std::string url_;
  cluster::bus_identity login_; ///< when the server is not ours
  std::map<cluster::bus_role, cluster::bus_identity> own_;
  std::unique_ptr<cluster::embedded_nats> server_;
  std::map<std::string, std::unique_ptr<cluster::bus>> connections_; ///< by user
};

} // namespace skein::daemon
