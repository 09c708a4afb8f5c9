#include "tools/skein/workspace_state.hpp"

#include "config/workspace.hpp"
#include "tools/skein/words.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace fs = std::filesystem;

namespace {

bool is_alive(int pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

} // namespace

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
  std::ifstream in{state / "daemon.json"};
  const auto said = nlohmann::json::parse(in, nullptr, false);
  if (!said.is_object())
    return std::nullopt;
  daemon found{static_cast<int>(number_of(said, "pid")), text_of(said, "http"),
               text_of(said, "nats")};
  if (!is_alive(found.pid) || found.http.empty())
    return std::nullopt;
  return found;
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
