#pragma once

#include "actors/api/metadata_api.hpp"
#include "actors/api/query_api.hpp"
#include "actors/api/query_response.hpp"
#include "cluster/http_server.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace skein::actors {

enum class operator_verb : uint8_t { scan, retry, approve, cancel };

/// What an operator wants done, by whom and why.
struct operator_order {
  operator_verb verb;
  std::string migration; ///< empty for a scan
  std::string actor;
  std::string reason;
};

/// A pool of the fleet, for `skein status`.
struct pool_line {
  std::string pool;
  uint64_t waiting = 0;
  uint64_t running = 0;
  std::vector<std::pair<std::string, uint32_t>> workers; ///< name, leases it holds
};

/// What a daemon's HTTP interface is made of. Every function is called on the server's thread and
/// must not block; an answer may come later, from any thread, once.
struct http_parts {
  metadata_api* metadata = nullptr; ///< null: the site has a metadata store of its own
  const query_api* queries = nullptr;
  std::function<void(operator_order, std::function<void(query_response)>)> order;
  std::function<void(std::function<void(std::vector<pool_line>)>)> fleet;
  /// Why the daemon cannot do its work just now, if it cannot.
  std::function<expected<void>()> ready;
};

/// Routes one server:
///
///   GET  /healthz                                     the process is there
///   GET  /readyz                                      it can do its work: 200 or 503
///   *    /metadata/…                                  metadata_api
///   GET  /v1/fleet                                    {"pools": [{pool, waiting, running,
///   workers}]} GET  /v1/…                                        query_api POST /v1/scan {"actor",
///   "reason"} POST /v1/migrations/<id>/retry|approve|cancel     {"actor", "reason"}
///
/// Orders need `Content-Type: application/json`, which a web page of a stranger cannot send here
/// without this server's leave (CORS). Everything else is a problem document (RFC 9457).
cluster::http_server::handler http_api(http_parts parts);

} // namespace skein::actors
