#pragma once

#include "actors/api/access.hpp"
#include "actors/api/attempt_token.hpp"
#include "actors/api/query_response.hpp"
#include "actors/api/rate_limiter.hpp"
#include "actors/api/router.hpp"
#include "actors/api/token_book.hpp"

#include <functional>
#include <tl/expected.hpp>

namespace skein::actors {

/// Who is let in, and how often.
class gatekeeper {
public:
  struct parts {
    token_book* tokens = nullptr;             ///< null: nobody is asked for a token
    const attempt_tokens* attempts = nullptr; ///< null: attempts have none
    /// Whether that attempt still runs.
    std::function<bool(const attempt_id&)> runs = {};
    uint32_t requests_per_second = 0; ///< of one client; 0: no limit
    bool on_loopback = true;
  };

  explicit gatekeeper(parts given)
      : parts_{std::move(given)}, limiter_{given.requests_per_second} {}

  /// The caller, or what to answer instead.
  tl::expected<caller, query_response> admit(const cluster::http_request&, const api_route&);

private:
  tl::expected<caller, query_response> identify(const cluster::http_request&);
  tl::expected<caller, query_response> by_token(const std::string& token);

  const parts parts_;
  rate_limiter limiter_;
};

/// What no request may have: texts that are not UTF-8, control characters, patterns that take for
/// ever to match. What to answer then.
std::optional<query_response> check_texts(const cluster::http_request&);

} // namespace skein::actors
