#pragma once

#include <string>

namespace skein::actors {

/// Tokens that a daemon makes for those who belong to it, anew at each start.
struct own_tokens {
  std::string console; ///< for the console on the same host; an admin's
  std::string agents;  ///< for scheduled agents and the notifier's
};

} // namespace skein::actors
