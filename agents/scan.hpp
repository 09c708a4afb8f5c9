#pragma once

#include "agents/metadata_client.hpp"
#include "events/bus.hpp"

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace skein::agents {

/// What a scan found pending, as requests for migration. Datasets that are at their target already
/// are left out.
std::vector<bus::migrate_request> requests_of(const std::vector<dataset>&, const std::string& scan);

/// `<scan>:<dataset>@<target>`: a repeat of a scan is recognised by it and dropped.
std::string message_id_of(const bus::migrate_request&);

/// A new scan's id: the time in UTC and a few random digits.
std::string new_scan_id();

/// Publishes requests, in order; answers how many the stream has taken.
using publish_requests
    = std::function<outcome<std::size_t>(const std::vector<bus::migrate_request>&)>;

/// Goes through all pending datasets page by page and publishes a request for each. The output is
/// `{"scanned", "published", "scan"}`.
outcome<nlohmann::json> scan(const metadata_client&, const std::string& scan_id,
                             const publish_requests&);

} // namespace skein::agents
