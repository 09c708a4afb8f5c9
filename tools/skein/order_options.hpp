#pragma once

#include "tools/skein/outcome.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace skein::console {

/// Who gives an order and why: both are in the events it causes.
struct order_options {
  std::string actor; ///< `<user>@<host>` unless the person says otherwise
  std::string reason;
  bool is_dry = false; ///< only what it would do
  bool yes = false;    ///< nobody is asked
};

void add_actor_option(CLI::App&, order_options& into);

/// The actor, the reason, and the flags of every change: --dry-run and --yes.
void add_order_options(CLI::App& to, order_options& into);

/// --dry-run and --yes, for a change that has no reason.
void add_change_flags(CLI::App& to, bool& is_dry, bool& yes);

/// What only some orders have.
struct order_details {
  std::string step;
  std::string input; ///< JSON, as it was typed
  std::optional<int> priority;
};

/// The order's body for the daemon.
nlohmann::json body_of(const order_options&);

/// The same with its details; fails on an input that is neither a JSON object nor null.
outcome<nlohmann::json> body_of(const order_options&, const order_details&);

} // namespace skein::console
