#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/terminal.hpp"
#include "tools/skein/workspace_state.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace skein::config {
struct workspace;
}

namespace skein::console {

enum class output_format : uint8_t {
  table, ///< for people: what matters, fitted to the terminal
  wide,  ///< the same with more columns and nothing shortened
  json,  ///< for programs: the API's own
  csv,   ///< RFC 4180, every column, times as RFC 3339 has them
};

/// A daemon on another machine, by the context that names it.
struct elsewhere {
  std::string context;
  daemon at;
};

/// What the common flags say, the same for every command.
struct session {
  std::filesystem::path workspace;
  std::optional<elsewhere> remote = {}; ///< then there is no workspace here
  output_format format = output_format::table;
  bool json = false;                                   ///< `format` is json
  std::optional<std::chrono::milliseconds> watch = {}; ///< again and again, with so long between
  terminal out = {};
};

/// What a page of text is fitted to: with `--output wide` nothing is shortened.
terminal page_of(const session&);

/// `skein`, with the workspace or context where a person in the same folder would have to name it
/// too.
std::string program_words(const session&);

/// The state folder, for what can only be done on its own machine.
outcome<std::filesystem::path> state_folder(const session&);

/// The workspace's folder, for the same.
outcome<std::filesystem::path> local_workspace(const session&);

/// What the workspace's skein.yaml says, for the same.
outcome<config::workspace> local_settings(const session&);

/// The daemon at work, or nothing. A context's counts as being at work.
std::optional<daemon> find_daemon(const session&);

/// The daemon, for what cannot be done without one.
outcome<daemon> require_daemon(const session&);

/// Has a daemon of this machine read again who may connect to its bus.
void have_users_read(const session&);

/// Looks for the daemon again, which may have been started anew at another address.
using daemon_finder = std::function<std::optional<daemon>()>;
daemon_finder finder_of(const session&);

} // namespace skein::console
