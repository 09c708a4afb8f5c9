#include "tools/skein/workspace_state.hpp"

#include "config/workspace.hpp"
#include "tools/run_file.hpp"

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
  daemon running{found->pid, std::move(found->http), std::move(found->nats)};
  running.token = std::move(found->token);
  running.ca = std::move(found->ca);
  running.certificate = std::move(found->certificate);
  running.key = std::move(found->key);
  running.bus = std::move(found->bus);
  return running;
}

cluster::bus_options bus_of(const daemon& running, std::string name) {
  cluster::bus_options options;
  options.url = running.nats;
  options.name = std::move(name);
  options.identity = running.bus;
  return options;
}

} // namespace skein::console
