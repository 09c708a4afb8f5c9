#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace skein::cluster {

/// Who we are to a NATS server, and how we know that it is the right one. What is empty is not
/// used.
struct bus_identity {
  std::string user; ///< of the server's own list, with its password
  std::string password;
  std::filesystem::path credentials; ///< a `.creds` file: a JWT and an NKey seed
  std::filesystem::path ca;          ///< PEM, for `tls://`; empty: whom the system trusts
  std::filesystem::path certificate; ///< PEM; with its key: for servers that want to see ours
  std::filesystem::path key;
};

/// Replies to a user come on subjects that begin with this, so that a server can keep users from
/// hearing each other's: `_INBOX.<user>`. Without a user it is `_INBOX`, which all share.
std::string inbox_of(const bus_identity&);

/// The variables that hand an identity on to an agent: `SKEIN_NATS_USER`, `SKEIN_NATS_PASSWORD`,
/// `SKEIN_NATS_CREDENTIALS`, `SKEIN_NATS_CA_FILE`, `SKEIN_NATS_CERTIFICATE`, `SKEIN_NATS_KEY`;
/// those that are not used are left out.
std::vector<std::pair<std::string, std::string>> environment_of(const bus_identity&);

/// The identity that this process was given by those variables.
bus_identity identity_from_environment();

} // namespace skein::cluster
