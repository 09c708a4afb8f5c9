#pragma once

#include "agents/outcome.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

/// Signed webhooks as https://www.standardwebhooks.com has them.
namespace skein::agents {

/// The key in a secret such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`. The failure does not say
/// what it was.
outcome<std::string> webhook_key(const std::string& secret);

/// The headers `webhook-id`, `webhook-timestamp` and, with a key, `webhook-signature`: `v1,` and
/// the base64 of an HMAC-SHA256 over `id.timestamp.body`.
std::vector<std::pair<std::string, std::string>> webhook_headers(const std::string& key,
                                                                 const std::string& id,
                                                                 int64_t unix_seconds,
                                                                 const std::string& body);

/// The same for a digest and a recipient, whenever it is sent, so that a repeat can be dropped.
std::string webhook_id(const std::string& digest, const std::string& to);

} // namespace skein::agents
