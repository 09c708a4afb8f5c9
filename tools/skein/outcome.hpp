#pragma once

#include "events/failure.hpp"

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace skein::console {

/// What the program says to a script: its exit code.
enum class exit_code : int {
  ok = 0,
  refused = 1,   ///< what was asked about failed, or was refused
  usage = 2,     ///< the command line makes no sense
  not_found = 3, ///< no such migration, or nothing that fits
  no_daemon = 4, ///< a running skeind is needed, and none answers
};

/// What they mean, for help and manual.
inline constexpr auto exit_codes = "Exit codes: 0 ok, 1 it failed or was refused, 2 usage, 3 not "
                                   "found, 4 skeind is not running.";

/// Why a command did not do what it was told, with a sentence for the person.
struct trouble {
  exit_code code;
  std::string what;
};

template <class T>
using outcome = tl::expected<T, trouble>;

inline tl::unexpected<trouble> give_up(exit_code code, std::string what) {
  return tl::unexpected{trouble{code, std::move(what)}};
}

} // namespace skein::console
