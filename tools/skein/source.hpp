#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/session.hpp"
#include "tools/skein/workspace_state.hpp"

#include "cluster/event_source.hpp"
#include "cluster/http.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::console {

using parameters = std::map<std::string, std::string>;

/// Whoever answers the read-only query API (actors/api/query_api.hpp).
class source {
public:
  virtual ~source() = default;

  /// The body of a 200; anything else is a trouble with the answer's own sentence.
  virtual outcome<std::string> get(const std::string& path, const parameters& query = {}) = 0;

  /// Whether more can come: a daemon is at work.
  virtual bool is_live() const = 0;
};

/// The running daemon; without one the log and the view in the state folder, which is said on
/// stderr.
outcome<std::unique_ptr<source>> open_source(const session&);

/// How long a call may take, and who may end it sooner.
struct call_limits {
  // Long enough for an order whose events wait for a slow disk.
  std::chrono::milliseconds patience = std::chrono::seconds{30};
  const std::atomic<bool>* given_up = nullptr; ///< once it is set, calls end within a second
};

std::unique_ptr<source> daemon_source(const daemon&, const call_limits& = {});
/// The daemon's answer to a GET, whatever its status; fails only if there is none.
expected<cluster::http_response> call_daemon(const daemon&, const std::string& path,
                                             std::chrono::milliseconds patience);

outcome<std::unique_ptr<source>> log_source(const std::filesystem::path& state);

outcome<nlohmann::json> get_json(source&, const std::string& path, const parameters& query = {});

/// The same of a daemon, for what the log alone does not say.
outcome<nlohmann::json> ask_daemon(const session&, const std::string& path);

/// `{"migrations": […], "next"}` with up to `limit` rows, from as many pages as it takes.
outcome<nlohmann::json> fetch_migrations(source&, parameters query, uint64_t limit);

/// Gives an order to the daemon. `body` is a JSON object; answers one.
outcome<nlohmann::json> post_json(const daemon&, const std::string& path,
                                  const nlohmann::json& body, const call_limits& = {},
                                  const parameters& query = {});

/// `skeind (process 17)`, or `skeind at https://…`
std::string described(const daemon&);

/// The stream of all events of a daemon, from now on.
cluster::event_source_options live_events(const daemon&);

/// The same to the session's daemon, which must be at work. `is_dry`: only what the order would do
/// is answered, and nothing is done.
outcome<nlohmann::json> post_order(const session&, const std::string& path,
                                   const nlohmann::json& body, bool is_dry = false);

/// `/v1/migrations/<id>` and what follows, not encoded.
std::string migration_path(const std::string& id, const std::string& tail = {});

/// What an answer other than success means to whoever asked.
trouble trouble_of(int status, const std::string& body);

} // namespace skein::console
