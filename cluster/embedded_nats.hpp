#pragma once

#include "cluster/nats_config.hpp"
#include "events/failure.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace skein::cluster {

struct embedded_nats_options {
  /// Holds everything of the server: store, configuration, process id. Created if missing.
  std::filesystem::path folder;
  /// 0: any free port.
  std::uint16_t port = 0;
  std::string address = "127.0.0.1";
  nats_access access = {};
  nats_tls tls = {};
  /// A name looked up on our PATH and in the sbin folders, or a path.
  std::string program = "nats-server";
  std::chrono::milliseconds start_timeout{15'000};
  /// The server ended by itself, with the reason; it is about to be restarted. Called on a thread
  /// of ours.
  std::function<void(std::string_view why)> on_exit = {};
};

/// The file that an embedded server is started from: looked up on our PATH and in the sbin folders.
expected<std::string> find_nats_server(const std::string& program = "nats-server");

/// A private nats-server with JetStream, by default on loopback, for the daemon that needs no
/// other. It is restarted on its port when it dies, so that clients reconnect by themselves; it
/// dies with us, even if we are killed by SIGKILL. A server that a former instance left on the
/// folder is stopped first. All functions may be called from any thread.
class embedded_nats {
public:
  /// Returns once clients can connect.
  static expected<std::unique_ptr<embedded_nats>> start(embedded_nats_options options);

  /// SIGTERM, and SIGKILL if that does not help; returns when the server is gone.
  ~embedded_nats();

  /// Lets others in than before, at once; whoever may no longer be there is put out.
  expected<void> set_access(nats_access access);

  std::uint16_t port() const;
  /// For clients of this host.
  std::string url() const;
  /// The process of the moment, 0 while there is none.
  int pid() const;

private:
  struct impl;
  explicit embedded_nats(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::cluster
