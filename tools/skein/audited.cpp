#include "tools/skein/audited.hpp"

#include "tools/skein/workspace_state.hpp"

#include "config/workspace.hpp"

#include <CLI/App.hpp>

namespace skein::console {

namespace fs = std::filesystem;

void add_state_option(CLI::App& to, std::string& state) {
  to.add_option("--state", state, "A state folder, such as a copy; the default is the workspace's");
}

outcome<audited> find_audited(const session& with, const std::string& state) {
  if (!state.empty())
    return audited{state, fs::path{state} / "audit" / "heads"};
  const auto folder = local_workspace(with);
  if (!folder)
    return tl::unexpected{folder.error()};
  const auto space = config::load_workspace(*folder);
  if (space)
    return audited{space->state, space->audit.heads_file};
  return state_folder(*folder).map([](const fs::path& found) {
    return audited{found, found / "audit" / "heads"};
  });
}

outcome<std::unique_ptr<store::audit_store>> open_tree_beside(const audited& what) {
  auto tree = store::audit_store::open_for_reading(what.tree());
  if (!tree)
    return give_up(exit_code::refused, tree.error().what);
  return std::move(*tree);
}

} // namespace skein::console
