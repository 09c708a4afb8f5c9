#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace CLI {
class App;
}

namespace skein::console {

/// Who gives an order and why: both are in the events it causes.
struct order_options {
  std::string actor; ///< `<user>@<host>` unless the person says otherwise
  std::string reason;
};

void add_actor_option(CLI::App&, order_options& into);

/// The actor and the reason.
void add_order_options(CLI::App& to, order_options& into);

/// The order's body for the daemon.
nlohmann::json body_of(const order_options&);

} // namespace skein::console
