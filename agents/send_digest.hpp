#pragma once

#include "agents/notices.hpp"

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::agents {

struct finished_mail {
  std::string digest;
  std::string to;
  std::string message; ///< RFC 5322
};

/// Takes one mail off our hands and says where it went, in words for the output. A permanent
/// trouble concerns this recipient alone; a transient one ends the run, to be repeated as a whole.
using deliver_mail = std::function<outcome<std::string>(const finished_mail&)>;

struct digest_sender {
  std::string from;         ///< address of the sender
  const char* medium;       ///< key in the output under which `deliver`'s answer is told
  int64_t unix_seconds = 0; ///< for the Date header
  deliver_mail deliver;
};

/// Composes a digest's mails and delivers them; the output is that of send_letters.hpp.
outcome<nlohmann::json> send_digest(const digest&, const digest_sender&);

} // namespace skein::agents
