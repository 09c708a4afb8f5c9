#pragma once

#include "agents/metadata_client.hpp"

#include <string_view>

namespace skein::agents {

/// The metadata API's answers as structs (docs/metadata-api.md). Unknown fields are ignored; a
/// field that is missing or of another type is a permanent trouble that names it.
outcome<dataset> parse_dataset(std::string_view body);
outcome<dataset_page> parse_page(std::string_view body);
outcome<std::vector<consumer>> parse_consumers(std::string_view body);

/// The trouble a response of status >= 400 means; `body` may hold problem details (RFC 9457).
trouble trouble_of_response(int status, std::string_view body, const std::string& request);

} // namespace skein::agents
