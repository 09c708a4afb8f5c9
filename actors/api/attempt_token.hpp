#pragma once

#include "actors/api/access.hpp"

#include <optional>
#include <string>

namespace skein::actors {

/// Tokens that one attempt alone is given (SKEIN_TOKEN in its environment), made of the attempt and
/// a secret of the daemon, so that none has to be kept: `skein_attempt_<attempt>_<HMAC>`, the
/// attempt in hexadecimal digits. That the attempt still runs is for others to check.
class attempt_tokens {
public:
  explicit attempt_tokens(std::string secret) : secret_{std::move(secret)} {}

  std::string of(const attempt_id&) const;

  /// Nothing if this is no such token, or not of this daemon.
  std::optional<attempt_id> find(const std::string& token) const;

private:
  std::string secret_;
};

} // namespace skein::actors
