#pragma once

#include "actors/api/http_api.hpp"

#include <vector>

namespace skein::actors {

/// The routes of steering_api.
void add_steering_routes(const http_parts& parts, std::vector<api_route>& to);

} // namespace skein::actors
