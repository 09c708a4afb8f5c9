#pragma once

#include "config/workspace.hpp"
#include "config/yaml.hpp"

#include <filesystem>

namespace skein::config {

/// What `skein.yaml` alone says. Internal to config/.
struct workspace_settings {
  workspace value;
  std::filesystem::path agents;
  std::filesystem::path workflows;
  std::string workflow_origin; ///< where the default workflow is named; empty: nowhere
  std::string job_origin;      ///< where the fleet's job is named
};

namespace yaml {
class map_reader;
}

/// The section "nats", with a file of its own.
void read_nats(const yaml::map_reader&, workspace& to);

workspace_settings read_settings(const yaml::node&, const std::filesystem::path& root,
                                 yaml::report&);

} // namespace skein::config
