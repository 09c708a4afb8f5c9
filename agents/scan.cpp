#include "agents/scan.hpp"

#include "agents/agent_io.hpp"

#include <chrono>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <random>

namespace skein::agents {

namespace {

constexpr int page_size = 100;

} // namespace

std::vector<bus::migrate_request> requests_of(const std::vector<dataset>& datasets,
                                              const std::string& scan) {
  std::vector<bus::migrate_request> requests;
  for (const auto& x : datasets)
    if (!x.target_version.empty() && x.target_version != x.current_version)
      requests.push_back({x.id, x.current_version, x.target_version, scan});
  return requests;
}

std::string message_id_of(const bus::migrate_request& x) {
  return fmt::format("{}:{}@{}", x.scan, x.dataset, x.target_version);
}

std::string new_scan_id() {
  return fmt::format("{:%Y%m%dT%H%M%SZ}-{:08x}", fmt::gmtime(std::time(nullptr)),
                     std::random_device{}());
}

outcome<nlohmann::json> scan(const metadata_client& store, const std::string& scan_id,
                             const publish_requests& publish) {
  std::size_t scanned = 0, published = 0;
  std::string after;
  do {
    auto page = store.pending(after, page_size);
    if (!page)
      return hand_on(page);
    if (!page->next.empty() && page->next == after)
      return give_up("The metadata store's list of datasets does not move on: \"next\" repeats.");
    auto taken = publish(requests_of(page->datasets, scan_id));
    if (!taken)
      return hand_on(taken);
    scanned += page->datasets.size();
    published += *taken;
    progress(page->next.empty() ? 1.0 : 0.5,
             fmt::format("{} datasets are pending so far", scanned));
    after = page->next;
  } while (!after.empty());
  return nlohmann::json{{"scanned", scanned}, {"published", published}, {"scan", scan_id}};
}

} // namespace skein::agents
