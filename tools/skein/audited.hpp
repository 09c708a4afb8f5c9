#pragma once

#include "store/audit_store.hpp"
#include "tools/skein/outcome.hpp"
#include "tools/skein/session.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace CLI {
class App;
}

/// What the subcommands of `skein audit` look at.
namespace skein::console {

/// Where a state folder is, and what belongs to it.
struct audited {
  std::filesystem::path state;
  std::filesystem::path heads_file;

  std::filesystem::path tree() const { return state / "audit" / "tree"; }
};

/// Adds `--state`, for a state folder without its workspace: a copy.
void add_state_option(CLI::App& to, std::string& state);

/// The state folder named, or else the workspace's.
outcome<audited> find_audited(const session&, const std::string& state);

/// Its hash tree and heads, whether or not a daemon is at work on them.
outcome<std::unique_ptr<store::audit_store>> open_tree_beside(const audited&);

} // namespace skein::console
