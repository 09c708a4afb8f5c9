#pragma once

#include "cluster/bus_identity.hpp"
#include "config/workspace.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace skein::actors {

using variables = std::vector<std::pair<std::string, std::string>>;

/// What a role that runs agents knows of the process and the host it is in.
struct worker_facts {
  std::string worker;             ///< stable: `<host name>/<given name>`
  std::filesystem::path programs; ///< our own agents; comes first on each agent's PATH
  std::filesystem::path root;     ///< the workspace, where relative commands begin
  std::filesystem::path work;     ///< scratch of this worker alone
  std::map<std::string, std::string> environment; ///< of this process
};

/// The facts of this process. `name` tells workers of one host and state folder apart.
worker_facts facts_here(const config::workspace& space, std::string_view name);

/// Removes what a former process of the same name left in its scratch folder. Nobody uses it any
/// more: children die with their worker.
void clear_work(const worker_facts& facts);

/// The variables that every agent of a workspace is given before those of its definition, which
/// win. The SMTP password stays a reference, resolved where the agent is launched.
variables default_environment(const config::workspace& space, const std::string& metadata_api,
                              const std::string& nats_url);

/// The variables by which agents show the bus who they are (cluster::environment_of). What the
/// workspace says of them goes first, with the password as a reference, resolved where the agent is
/// launched; else they connect as `own`.
variables nats_environment(const config::nats& says, const cluster::bus_identity& own);

} // namespace skein::actors
