#include "tools/skein/session.hpp"

#include "config/workspace.hpp"

#include <csignal>

#include "tools/skein/words.hpp"

#include <cstdlib>

namespace skein::console {

namespace {

tl::unexpected<trouble> not_here(const session& with) {
  return give_up(exit_code::usage, "this needs the workspace's own folder, and context '"
                                       + with.remote->context
                                       + "' is a daemon elsewhere; do it on that machine, or name "
                                         "a folder with -w");
}

} // namespace

terminal page_of(const session& with) {
  return with.format == output_format::wide ? terminal{0, with.out.colors} : with.out;
}

std::string program_words(const session& with) {
  if (with.remote)
    return "skein --context " + shell_word(with.remote->context);
  const auto folder = with.workspace.string();
  const char* usual = std::getenv("SKEIN_WORKSPACE");
  if (folder == (usual && *usual ? usual : "."))
    return "skein";
  return "skein -w " + shell_word(folder);
}

outcome<std::filesystem::path> local_workspace(const session& with) {
  return with.remote ? outcome<std::filesystem::path>{not_here(with)} : with.workspace;
}

outcome<std::filesystem::path> state_folder(const session& with) {
  return local_workspace(with).and_then(
      [](const std::filesystem::path& folder) { return state_folder(folder); });
}

std::optional<daemon> find_daemon(const session& with) {
  if (with.remote)
    return with.remote->at;
  const auto state = state_folder(with.workspace);
  return state ? find_daemon(*state) : std::nullopt;
}

outcome<daemon> require_daemon(const session& with) {
  if (with.remote)
    return with.remote->at;
  const auto state = state_folder(with.workspace);
  if (!state)
    return tl::unexpected{state.error()};
  if (auto found = find_daemon(*state))
    return *found;
  return give_up(exit_code::no_daemon, "skeind is not running; start it with: skein run --stay "
                                           + shell_word(with.workspace.string()));
}

outcome<config::workspace> local_settings(const session& with) {
  const auto folder = local_workspace(with);
  if (!folder)
    return tl::unexpected{folder.error()};
  auto loaded = config::load_workspace(*folder);
  if (!loaded)
    return give_up(exit_code::refused, config::joined(loaded.error()).what);
  return std::move(*loaded);
}

void have_users_read(const session& with) {
  if (with.remote)
    return;
  if (const auto running = find_daemon(with); running && running->pid > 0)
    kill(running->pid, SIGHUP);
}

daemon_finder finder_of(const session& with) {
  return [with] { return find_daemon(with); };
}

} // namespace skein::console
