#pragma once

#include "cluster/bus_identity.hpp"
#include "events/failure.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace skein::tools {

/// `daemon.json` in the state folder: where a running daemon listens, for the console and for roles
/// of the same host. Written when all is ready, removed at the end; after a crash the process id in
/// it is nobody's. Only its owner may read it.
struct run_file {
  int pid = 0;
  std::string http;        ///< base URL of the coordinator
  std::string nats;        ///< URL
  std::string token;       ///< for the console of whoever may read this file: its owner
  std::string ca;          ///< what `http` is trusted by, if it is https; may be empty
  std::string certificate; ///< PEM file to show there; empty: it asks for none
  std::string key;
  cluster::bus_identity bus = {}; ///< for the same; with it `nats` lets the console in
};

/// One rename: a reader sees the old file or the new one.
expected<void> write_run_file(const std::filesystem::path& state, const run_file& what);

void remove_run_file(const std::filesystem::path& state);

/// Nothing if there is none, or its process is gone.
std::optional<run_file> read_run_file(const std::filesystem::path& state);

} // namespace skein::tools
