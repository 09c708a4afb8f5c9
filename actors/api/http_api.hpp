#pragma once

#include "actors/api/catalog_api.hpp"
#include "actors/api/event_feed.hpp"
#include "actors/api/gatekeeper.hpp"
#include "actors/api/idempotency_book.hpp"
#include "actors/api/line_book.hpp"
#include "actors/api/metadata_api.hpp"
#include "actors/api/orders.hpp"
#include "actors/api/progress_book.hpp"
#include "actors/api/query_api.hpp"
#include "actors/api/query_response.hpp"
#include "actors/api/router.hpp"
#include "actors/api/steering_api.hpp"
#include "actors/api/workspace_api.hpp"
#include "actors/breaker.hpp"
#include "cluster/http_server.hpp"
#include "events/failure.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace skein::actors {

/// A pool of the fleet, for `skein status`.
struct pool_line {
  std::string pool;
  uint64_t waiting = 0;
  uint64_t running = 0;
  std::vector<std::pair<std::string, uint32_t>> workers; ///< name, leases it holds
  std::vector<breaker_line> breakers;
};

/// What a daemon's HTTP interface is made of; all must outlive the server. Every function is called
/// on one of its threads and must not block; an answer may come later, from any thread, once. What
/// is null is not served.
struct http_parts {
  metadata_api* metadata = nullptr; ///< null: the site has a metadata store of its own
  const query_api* queries = nullptr;
  std::function<void(operator_order, std::function<void(query_response)>)> order;
  std::function<void(std::function<void(std::vector<pool_line>)>)> fleet;
  /// Why the daemon cannot do its work just now, if it cannot.
  std::function<expected<void>()> ready;

  const catalog_api* catalog = nullptr;
  const workspace_api* space = nullptr;
  const steering_api* steering = nullptr;
  steer_port steer = {};
  /// What such an order would do.
  std::function<query_response(const steering_order&)> rehearse_steering = {};
  event_feed* feed = nullptr;
  gatekeeper::parts gate = {};
  idempotency_book* answers = nullptr; ///< null: a key is checked and not remembered
  progress_book* progress = nullptr;
  const line_book* lines = nullptr; ///< null: nobody has heard anything
  /// Passes on what an attempt said of itself.
  std::function<void(const attempt_id&, const attempt_progress&)> told = {};
  std::function<migration::timestamp()> now = {};
  /// The text of /metrics.
  std::function<std::string(const std::vector<pool_line>&)> metrics = {};
  std::function<void(const api_route&, const api_call&, int status, double seconds)> answered = {};
};

/// Everything that is served, for the test that holds openapi.json against it.
std::vector<api_route> http_routes(const http_parts& parts);

/// Serves the routes, which actors/api/openapi.json describes and docs/api.md explains. Requests
/// that read a disk are answered on two threads of their own.
///
/// Orders need `Content-Type: application/json`, which a web page of a stranger cannot send here
/// without this server's leave (CORS). What went wrong is a problem document (RFC 9457).
cluster::http_server::handler http_api(http_parts parts);

} // namespace skein::actors
