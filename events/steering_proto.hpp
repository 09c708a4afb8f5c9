#pragma once

// Between steering.hpp and its Protobuf twins. INTERNAL to events/: includes generated headers.

#include "events/steering.hpp"
#include "events/steering.pb.h"

namespace skein::proto {

void put(const steering::event& from, v1::Steered& to);
void put(const steering::order& from, v1::Steer& to);
void put(const steering::state& from, v1::FleetState& to);

/// Nothing when the alternative is not known to this version.
std::optional<steering::event> get(const v1::Steered& from);
std::optional<steering::order> get(const v1::Steer& from);
steering::state get(const v1::FleetState& from);

} // namespace skein::proto
