#pragma once

#include <filesystem>
#include <map>
#include <string>

/// What the running process is, for whoever starts others beside it.
namespace skein::cluster {

/// The file that this process runs; empty where /proc is not mounted.
std::filesystem::path this_program();

/// The environment of this process, as it stands now.
std::map<std::string, std::string> this_environment();

} // namespace skein::cluster
