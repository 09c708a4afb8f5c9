#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::cluster {

/// What a user of the bus is there for, and so what it may do there (docs/bus.md).
enum class bus_role : uint8_t {
  coordinator, ///< everything of Skein
  scanner,     ///< asks for migrations, and runs its agents when asked to
  fleet,       ///< takes leases of any pool, and reports
  notifier,    ///< takes what is to be told, and reports
  agent,       ///< what the built-in agents need: asks for migrations, tells owners, says lines
  console,     ///< a viewer that may ask for a scan and try a channel
  requester,   ///< a viewer that asks for migrations
  viewer,      ///< reads what happened
};

std::string_view to_string(bus_role) noexcept;
std::optional<bus_role> bus_role_of(std::string_view name) noexcept;
const std::vector<bus_role>& all_bus_roles();

/// Subjects, with NATS's wildcards. Nothing else is allowed.
struct subject_permissions {
  std::vector<std::string> publish;
  std::vector<std::string> subscribe;
  bool may_respond = false; ///< to what it is asked, once a question
};

/// What that role may do. `inbox` is where its replies come (`inbox_of`), `action_subjects` are
/// where migrations are asked for.
subject_permissions permissions_of(bus_role, const std::string& inbox,
                                   const std::vector<std::string>& action_subjects);

} // namespace skein::cluster
