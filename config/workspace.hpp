#pragma once

#include "config/agent.hpp"
#include "config/catalog.hpp"
#include "config/checked.hpp"
#include "config/notifications.hpp"
#include "events/failure.hpp"
#include "events/workflow.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace skein::config {

/// How much may happen at once; zero: no limit.
struct limits {
  uint32_t running = 0;     ///< attempts in the whole fleet
  uint32_t per_owner = 0;   ///< attempts for datasets of one owner
  uint32_t per_storage = 0; ///< attempts on one storage system (the contract's `server`)
  uint32_t intake = 256;    ///< requests taken from the bus and not yet in the log
};

/// When an agent that keeps failing on a storage system is left alone for a while
/// (docs/workspace.md).
struct breakers {
  uint32_t window = 20;              ///< so many of the newest attempts count; 0: no breakers
  uint32_t failure_percent = 50;     ///< so many of them failed: it opens
  std::chrono::seconds open_for{30}; ///< until one attempt may try; twice as long each time
  std::chrono::seconds longest{300};
};

struct fleet {
  uint32_t slots = 0;                      ///< attempts a worker runs at once; 0: one per core
  std::chrono::seconds lease_ttl{15};      ///< a worker silent for so long has lost its leases
  std::string job = "migration-agent";     ///< the agent that `fleet-manager` stands for
  std::string rollback = "rollback-agent"; ///< the agent that puts an old version back
};

/// How somebody shows a NATS server who they are; what is empty is not used.
struct nats_login {
  std::string user;
  std::string password_env;          ///< name of the environment variable that holds the password
  std::filesystem::path credentials; ///< a `.creds` file
};

/// The bus (docs/bus.md): a server that others run, or, without a `url` or with an address to
/// listen on, one that the daemon starts.
struct nats {
  std::string url; ///< of that server, or how others reach the daemon's
  bool listens = false;
  std::string address = "127.0.0.1"; ///< that the daemon's server listens on
  uint16_t port = 0;                 ///< 0: a free one
  nats_login login;
  nats_login agents; ///< as whom agents connect; empty: as the role that runs them
  /// PEM: of the daemon's server, or, for another one, what it is shown.
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path client_ca; ///< set: the daemon's server wants to see clients' certificates
  std::filesystem::path ca;        ///< what the server is trusted by

  bool is_embedded() const { return url.empty() || listens; }
};

/// The HTTP interface (docs/api.md).
struct http {
  std::string address = "127.0.0.1";
  uint16_t port = 0;                   ///< 0: a free one
  std::string url;                     ///< how others reach it; empty: by address and port
  std::filesystem::path tokens;        ///< the file of its bearer tokens
  uint32_t requests_per_second = 1000; ///< of one client; 0: no limit
  std::filesystem::path certificate;   ///< PEM; empty: no TLS
  std::filesystem::path key;
  std::filesystem::path client_ca; ///< set: clients must show a certificate of these authorities
  std::filesystem::path ca;        ///< what our own clients trust it by; the certificate itself
  std::filesystem::path own_certificate; ///< what they show where `client_ca` asks for one
  std::filesystem::path own_key;
};

/// The audit trail (docs/audit.md).
struct audit {
  std::filesystem::path key;        ///< the private key that signs heads
  std::filesystem::path heads_file; ///< where heads are appended to; may be on another disk
  std::chrono::seconds head_every{5};
};

/// A workspace: the folder that says what to migrate and how. Paths may also be absolute. Loading
/// writes nothing. `skein.yaml` at its root:
///
///     workspace:
///       name: films
///       workflow: dataset-migration    # the one new migrations follow; needless if it is alone
///     paths:                           # all optional, below the workspace; these are the defaults
///       agents: agents
///       workflows: workflows
///       catalog: catalog
///       contracts: contracts
///       mappings: mappings
///       data: data                     # root of the contracts' locations
///       state: .skein                  # the log and everything else the daemon writes
///     limits: {running: 8, per_owner: 4, per_storage: 4, intake: 256}
///     breakers: {window: 20, failure_percent: 50, open_for: 30s, longest: 5m}
///     fleet: {slots: 2, lease_ttl: 15s, job: migration-agent, rollback: rollback-agent}
///     metadata: {url: "https://metadata.internal"}   # default: the embedded store
///     nats: {url: "nats://bus:4222"}                 # default: an embedded server; docs/bus.md
///     http: {listen: "127.0.0.1:0"}                  # the default: a free port on loopback
///     # http: {listen: "0.0.0.0:8443", url: "https://skein.internal:8443", tokens: tokens.json,
///     #        requests_per_second: 1000,
///     #        tls: {certificate: c.pem, key: k.pem, client_ca: ca.pem}}
///     notifications:                   # docs/notifications.md
///       from: skein@example.org
///       outbox: outbox
///       digest_wait: 10m
///       smtp: {url: "smtp://mail:587", user: skein, password_env: SKEIN_SMTP_PASSWORD}
///       channels: [email]              # where owners are told of what rests; the default
///       routes: [{kinds: [held], owners: ["group:default/film"], channels: [chat]}]
///       copies: [chat]                 # told of all that is completed, as well
///       digest: day                    # or scan, the default
///       at: "09:00"
///       timezone: Europe/Stockholm     # default: UTC
///       quiet_hours: {from: "20:00", to: "07:00", days: [sat, sun]}
///       urgent: [quarantined]          # told at once nevertheless
///       reminders: {kinds: [held], after: 24h, every: 24h, at_most: 3,
///                   escalate_after: 72h, escalate_to: [lead@example.org, chat]}
///     audit: {key: .skein/audit/key.pem, heads_file: .skein/audit/heads, head_every: 5s}
struct workspace {
  std::string name;
  std::filesystem::path root; ///< absolute
  std::string workflow;       ///< name of the default workflow
  std::filesystem::path data;
  std::filesystem::path state;
  catalog_paths catalog;
  config::limits limits;
  config::breakers breakers;
  config::fleet fleet;
  config::notifications notifications;
  config::audit audit;
  std::string metadata_url;
  config::nats nats;
  config::http http;
  std::map<std::string, agent> agents;
  std::map<std::string, skein::workflow> workflows;
  std::vector<std::string> warnings; ///< of its agents: what is accepted, but worth a second look

  /// The agent that carries out a step: the one of that name, or the fleet's job for
  /// `fleet-manager`. Null when there is none (checked at load).
  const agent* agent_for(const std::string& step_agent) const;

  /// The channels that an agent tells people on.
  std::set<std::string> channels() const;
};

/// Whether only this host reaches what listens there.
bool is_loopback(const std::string& address);

/// Loads `skein.yaml` in `folder` with its agents and workflows, and cross-checks them. The
/// catalog is loaded apart (`load_catalog`), since only the metadata store needs it.
checked<workspace> load_workspace(const std::filesystem::path& folder);

/// Parses one agent definition (design.md's own form; see examples/).
checked<agent> parse_agent(std::string_view text, const std::string& origin);

/// Parses one workflow and checks it alone: names, cycles, unknown steps.
checked<workflow> parse_workflow(std::string_view text, const std::string& origin);

/// Checks a file or a folder of any mix of the above, by what each document is (a workspace folder
/// as a whole). Empty: all is well, and there was something to check.
std::vector<failure> check(const std::filesystem::path& path);

/// Checks a folder that must be a workspace, with its catalog. Empty: all is well.
std::vector<failure> check_workspace(const std::filesystem::path& folder);

/// Splits a command as a POSIX shell would split words (quotes, backslashes; IEEE 1003.1 section
/// 2.2), but expands nothing and runs nothing. Unquoted `|`, `;`, `&`, `<`, `>`, `` ` `` and
/// `$(` are refused: they would need a shell. So are a comment, an assignment before the command,
/// parentheses and a second line.
expected<std::vector<std::string>> split_command(std::string_view text);

/// `90s`, `10m`, `6h`, `2d`, or a bare number of seconds.
expected<std::chrono::seconds> parse_duration(std::string_view text);

/// `512MiB`, `2GB`, or a bare number of bytes.
expected<uint64_t> parse_size(std::string_view text);

} // namespace skein::config
