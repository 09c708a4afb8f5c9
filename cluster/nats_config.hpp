#pragma once

#include "cluster/bus_role.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

/// What a nats-server is told in its configuration file (docs.nats.io, Server configuration).
namespace skein::cluster {

struct nats_user {
  std::string name;
  std::string password; ///< as it is, or its bcrypt hash, or `$NAME`: the server's environment
  bus_role role = bus_role::viewer;
};

/// Who may connect.
struct nats_access {
  std::vector<nats_user> users;
  /// Also whoever names no user, and that one may do everything. Without users it makes no
  /// difference: then everybody may.
  bool is_open = true;
  std::vector<std::string> action_subjects; ///< where migrations are asked for
};

struct nats_tls {
  std::filesystem::path certificate; ///< PEM; empty: no TLS
  std::filesystem::path key;
  std::filesystem::path client_ca; ///< set: clients must show a certificate of these authorities
};

struct nats_config {
  std::filesystem::path folder; ///< of the server: its store, its process id
  std::string address = "127.0.0.1";
  std::uint16_t port = 0; ///< 0: any free one
  nats_access access;
  nats_tls tls;
};

/// The whole file of a server of ours.
std::string server_text(const nats_config&);

/// The part about who may do what, which goes into any server's file.
std::string authorization_text(const nats_access&);

} // namespace skein::cluster
