#pragma once

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace skein::actors {

struct watched_actor {
  std::string name;
  caf::actor actor;
};

/// State of a role's root supervisor: it watches the actors that the role cannot do without, and
/// calls `on_failure` once when one of them ends before the root itself is told to.
struct root_state {
  static constexpr const char* name = "root";

  std::map<caf::actor_addr, std::string> names;
  std::vector<caf::actor> actors; ///< in the order in which they are ended
  std::function<void(std::string why)> on_failure;
};

/// Ends all it watches when it is ended itself.
caf::behavior root(caf::stateful_actor<root_state>* self, std::vector<watched_actor> watched,
                   std::function<void(std::string why)> on_failure);

} // namespace skein::actors
