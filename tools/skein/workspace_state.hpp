#pragma once

#include "cluster/bus.hpp"
#include "tools/skein/outcome.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace skein::console {

/// The folder that a workspace's daemon keeps its state in. A workspace with mistakes in it is
/// still looked at where the state would be by default, if it is there.
outcome<std::filesystem::path> state_folder(const std::filesystem::path& workspace);

/// Where a running daemon listens, as it says in `daemon.json` in its state folder, or as a context
/// says of one elsewhere, whose process id nobody here knows (0).
struct daemon {
  int pid;
  std::string http;             ///< base URL
  std::string nats;             ///< URL
  std::string token = {};       ///< that it lets this console in by
  std::string ca = {};          ///< the file that its certificate is trusted by; may be empty
  std::string certificate = {}; ///< what we show of ourselves, with its key; may be empty
  std::string key = {};
  cluster::bus_identity bus = {}; ///< with which `nats` lets this console in
};

/// Nothing if there is no such file, it makes no sense, or its process is gone.
std::optional<daemon> find_daemon(const std::filesystem::path& state);

/// How to connect to its bus; `name` is what the server shows us as.
cluster::bus_options bus_of(const daemon&, std::string name);

} // namespace skein::console
