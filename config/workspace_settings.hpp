#pragma once

#include "config/workspace.hpp"
#include "config/yaml_reader.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace skein::config {

/// What `skein.yaml` alone says. Internal to config/.
struct workspace_settings {
  workspace value;
  std::filesystem::path agents;
  std::filesystem::path workflows;
  std::string workflow_origin; ///< where the default workflow is named; empty: nowhere
  std::string job_origin;      ///< where the fleet's job is named
  std::vector<std::pair<std::string, std::string>> channels; ///< that are named, and where
};

workspace_settings read_settings(const yaml::node&, const std::filesystem::path& root,
                                 yaml::report&);

/// Why nobody can be told on a channel.
std::string unknown_channel(const std::string& name, const std::set<std::string>& known);

// Sections with a file of their own.
void read_nats(const yaml::map_reader&, workspace& to);
void read_notifications(const yaml::map_reader& in, workspace_settings& to);

} // namespace skein::config
