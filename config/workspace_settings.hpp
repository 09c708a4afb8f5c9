#pragma once

#include "config/spelling.hpp"
#include "config/workspace.hpp"
#include "config/yaml_reader.hpp"

#include <filesystem>
#include <initializer_list>
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

void read_notifications(const yaml::map_reader& in, workspace_settings& to);

// What reads a part of it is made of.

/// Reads the settings under one key; `read` is not called when there are none.
template <class Read>
void section(const yaml::map_reader& in, const char* key, std::initializer_list<const char*> known,
             Read read) {
  if (const auto* from = in.map(key))
    read(yaml::map_reader{*from, in.out(), quote(key), known});
}

/// The URL under "url"; a mistake when it has none of these schemes.
std::string url_in(const yaml::map_reader& in, std::initializer_list<const char*> schemes);

std::filesystem::path below(const std::filesystem::path& root, const std::string& path);

} // namespace skein::config
