#pragma once

#include "config/checked.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace skein::config {

/// A regular file's text; refuses one over `yaml::max_file_bytes`.
expected<std::string> read_text(const std::filesystem::path& file);

bool is_yaml_file(const std::filesystem::path&);

/// All `*.yaml` and `*.yml` below a folder, any depth, in the order of their paths; hidden files
/// and folders are left out. `what` names the folder in the failure when it is not there.
expected<std::vector<std::filesystem::path>> yaml_files(const std::filesystem::path& folder,
                                                        const std::string& what);

} // namespace skein::config
