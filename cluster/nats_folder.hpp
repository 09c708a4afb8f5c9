#pragma once

#include "cluster/unique_fd.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace skein::cluster {

/// The folder of an embedded nats-server (internal to cluster/):
///
///   lock                  held (flock) by the process that runs the server
///   nats.conf             rewritten at each start, mode 0600
///   nats.pid              written by the server
///   <program>_<pid>.ports written by the server once it accepts connections
///   jetstream/            the server's store
class nats_folder {
public:
  /// Creates and locks the folder, and stops a server that a dead owner left behind.
  static expected<nats_folder> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config_file() const { return path_ / "nats.conf"; }

  expected<void> write_config(const std::string& text) const;

  /// The port that the server of this process id listens on, once it accepts connections.
  std::optional<std::uint16_t> ready_port(int pid) const;

  void forget_ports_files() const;

private:
  expected<void> lock();
  expected<void> stop_previous() const;

  std::filesystem::path path_;
  unique_fd lock_;
};

} // namespace skein::cluster
