#pragma once

#include "agents/outcome.hpp"
#include "cluster/http.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace skein::agents {

/// One request, with what is to be waited for between two; a test stands in for both.
struct webhook_ports {
  /// Headers are those of a message; the failure must not name more of the URL than its host.
  std::function<expected<cluster::http_response>(const std::string& body,
                                                 const cluster::http_headers&)>
      post;
  std::function<void(std::chrono::milliseconds)> wait;
  std::function<std::chrono::milliseconds()> clock; ///< monotonic
  std::function<int64_t()> unix_seconds;
};

struct webhook_options {
  std::string key;                            ///< webhook_key(); empty: not signed
  std::chrono::milliseconds patience{60'000}; ///< for all tries at one message
};

/// Posts one message until it is taken: what the endpoint may do better later (no answer, 5xx, 429
/// with its Retry-After, 408) is tried again while there is patience, and is then transient. What
/// it will never take is permanent, a redirect included.
outcome<void> post_webhook(const webhook_ports&, const webhook_options&, const std::string& id,
                           const std::string& body);

/// The scheme and host of a URL: its path and query are often the password.
std::string shown_origin(const std::string& url);

} // namespace skein::agents
