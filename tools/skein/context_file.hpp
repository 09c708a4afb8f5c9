#pragma once

#include "config/contexts.hpp"
#include "tools/skein/outcome.hpp"
#include "tools/skein/session.hpp"

#include <filesystem>
#include <string>

namespace skein::console {

/// `$XDG_CONFIG_HOME/skein/contexts.yaml`, or below `~/.config`.
std::filesystem::path context_file();

outcome<config::contexts> load_contexts();

/// Replaces the file, which only its owner may read.
outcome<void> save_contexts(const config::contexts&);

/// What a person said of where to work, each empty if nothing.
struct where_to_work {
  std::string folder;         ///< -w
  std::string context;        ///< --context
  std::string context_by_env; ///< SKEIN_CONTEXT
  std::string folder_by_env;  ///< SKEIN_WORKSPACE
};

/// Has the session work there. The first that is said counts, in the order above; then the current
/// context; then the folder one is in.
outcome<void> choose(const where_to_work&, session& to);

} // namespace skein::console
