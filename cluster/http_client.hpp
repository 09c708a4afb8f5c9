#pragma once

#include "cluster/http.hpp"
#include "events/failure.hpp"

#include <atomic>
#include <chrono>
#include <string>

namespace skein::cluster {

/// The PEM files of an HTTPS connection; what is empty is not used.
struct tls_files {
  std::string ca = {};          ///< whom to trust, instead of the system's authorities
  std::string certificate = {}; ///< what to show of ourselves
  std::string key = {};
};

/// One HTTP(S) request (libcurl), blocking, from any thread. Any status is an answer, also 404 and
/// 302 (redirects are not followed); a failure means that there was none: no connection, no valid
/// certificate, not in time, or a body beyond 64 MiB. Within a second after another thread sets
/// `given_up` the call ends with a failure.
expected<http_response> http_call(const std::string& method, const std::string& url,
                                  const std::string& body, const http_headers& headers,
                                  std::chrono::milliseconds timeout, const tls_files& tls = {},
                                  const std::atomic<bool>* given_up = nullptr);

} // namespace skein::cluster
