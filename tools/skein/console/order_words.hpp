#pragma once

#include "tools/skein/console/verbs.hpp"
#include "tools/skein/outcome.hpp"

#include <nlohmann/json.hpp>
#include <string>

namespace skein::console::screen {

/// What an order is for, and what it takes besides.
struct order_words {
  std::string id;         ///< empty: not for one migration
  nlohmann::json details; ///< members of the order's body
};

/// What is typed behind `:` and the order's name: a migration, or nothing for the one that is
/// chosen, and then what the order takes.
outcome<order_words> read_order_words(const verb&, const std::string& typed,
                                      const std::string& chosen);

/// How it is typed, such as `:skip STEP`.
std::string usage_of(const verb&);

} // namespace skein::console::screen
