#include "tools/skein/workspace_state.hpp"

#include "config/workspace.hpp"
#include "tools/run_file.hpp"
#include "tools/skein/words.hpp"

#include <cstdlib>

namespace skein::console {

namespace fs = std::filesystem;

outcome<fs::path> state_folder(const fs::path& workspace) {
  auto loaded = config::load_workspace(workspace);
  if (loaded)
    return loaded->state;
  std::error_code ignored;
  if (const auto usual = workspace / ".skein"; fs::is_directory(usual, ignored))
    return fs::absolute(usual).lexically_normal();
  return give_up(exit_code::refused, config::joined(loaded.error()).what);
}

std::optional<daemon> find_daemon(const fs::path& state) {
  auto found = tools::read_run_file(state);
  if (!found || found->http.empty())
    return std::nullopt;
  if (const char* own = std::getenv("SKEIN_TOKEN"); own != nullptr && *own != '\0')
    found->token = own;
  return daemon{
      found->pid,           std::move(found->http), std::move(found->nats), std::move(found->token),
      std::move(found->ca), std::move(found->bus)};
}

cluster::bus_options bus_of(const daemon& running, std::string name) {
  cluster::bus_options options;
  options.url = running.nats;
  options.name = std::move(name);
  options.identity = running.bus;
  return options;
}

outcome<daemon> require_daemon(const fs::path& workspace) {
  auto state = state_folder(workspace);
  if (!state)
    return tl::unexpected{state.error()};
  if (auto found = find_daemon(*state))
    return *found;
  return give_up(exit_code::no_daemon, "skeind is not running; start it with: skein run "
                                           + shell_word(workspace.string()));
}

} // namespace skein::console
