#include "config/settings_reader.hpp"
#include "config/workspace_settings.hpp"

#include <algorithm>

namespace skein::config {

namespace fs = std::filesystem;
using yaml::map_reader;

namespace {

constexpr auto schemes = {"nats://", "tls://"};

void read_tls(const map_reader& in, const fs::path& root, nats& to) {
  section(in, "tls", {"certificate", "key", "client_ca", "ca"}, [&](const map_reader& x) {
    to.certificate = file_in(x, "certificate", root);
    to.key = file_in(x, "key", root);
    to.client_ca = file_in(x, "client_ca", root);
    to.ca = x.find("ca") || !to.is_embedded() ? file_in(x, "ca", root) : to.certificate;
    if (to.certificate.empty() != to.key.empty())
      x.mistake("certificate", "\"certificate\" and \"key\" go together; give both or none");
    if (to.is_embedded() && to.certificate.empty())
      x.mistake("certificate", "a server that speaks TLS needs a \"certificate\" and its \"key\"");
    if (!to.is_embedded() && !to.client_ca.empty())
      x.mistake("client_ca", "\"client_ca\" is for the embedded server (\"listen\"); another "
                             "server has that in its own configuration");
  });
}

void read_agents(const map_reader& in, const fs::path& root, nats& to) {
  section(in, "agents", {"user", "password_env", "credentials"}, [&](const map_reader& x) {
    read_login(x, to.agents.user, to.agents.password_env);
    to.agents.credentials = file_in(x, "credentials", root);
  });
}

void check_embedded(const map_reader& in, const nats& is, std::vector<std::string>& warnings) {
  if (!is.login.user.empty() || !is.login.credentials.empty())
    in.mistake(is.login.user.empty() ? "credentials" : "user",
               "the embedded server makes its own users (skein bus user); a login is for another "
               "server, which only has a \"url\"");
  if (!is_loopback(is.address) && is.certificate.empty())
    warnings.push_back(in.out().at(in.at("listen"))
                       + ": passwords and leases go over the network in the clear; give the "
                         "server \"tls\" with a certificate and its key");
}

} // namespace

void read_nats(const map_reader& in, workspace& to) {
  auto& nats = to.nats;
  section(in, "nats", {"url", "listen", "user", "password_env", "credentials", "agents", "tls"},
          [&](const map_reader& x) {
            nats.listens = x.find("listen") != nullptr;
            read_listen(x, "127.0.0.1:0", nats.address, nats.port);
            if (x.find("url") || !nats.listens)
              nats.url = url_in(x, schemes);
            read_login(x, nats.login.user, nats.login.password_env);
            nats.login.credentials = file_in(x, "credentials", to.root);
            read_agents(x, to.root, nats);
            read_tls(x, to.root, nats);
            if (nats.is_embedded())
              check_embedded(x, nats, to.warnings);
          });
}

} // namespace skein::config
