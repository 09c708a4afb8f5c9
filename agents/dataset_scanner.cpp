#include "agents/agent_io.hpp"
#include "agents/arguments.hpp"
#include "agents/discover.hpp"
#include "agents/scan.hpp"
#include "cluster/bus.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

/// dataset-scanner: finds pending datasets and asks for their migration; as a workflow step, looks
/// one dataset up.
namespace {

using namespace skein::agents;

constexpr std::chrono::seconds publish_timeout{10};

struct scanner_options {
  std::string dataset;
  bool dry_run = false;
  bool protobuf = false;
};

skein::cluster::durable_message message_for(const skein::bus::migrate_request& request,
                                            const std::string& topic, skein::bus::encoding as) {
  return {topic,
          skein::bus::encode(request, as),
          message_id_of(request),
          {{"Content-Type", std::string{skein::bus::content_type(as)}}}};
}

outcome<std::size_t> publish_all(skein::cluster::bus& bus,
                                 const std::vector<skein::bus::migrate_request>& requests,
                                 skein::bus::encoding as) {
  const auto topic = env_or("OUTPUT_TOPIC", "honk.actions.migrate");
  std::vector<skein::cluster::durable_message> messages;
  for (const auto& request : requests)
    messages.push_back(message_for(request, topic, as));
  const auto result = bus.publish_durable_batch(messages, publish_timeout);
  if (result.first_unacknowledged < messages.size())
    return try_later(fmt::format("{} of {} requests were not taken by {}: {}",
                                 messages.size() - result.first_unacknowledged, messages.size(),
                                 topic, result.why));
  return messages.size();
}

outcome<std::size_t> print_all(const std::vector<skein::bus::migrate_request>& requests) {
  for (const auto& x : requests)
    fmt::print("{} {} {}\n", x.dataset, x.current_version, x.target_version);
  return std::size_t{0};
}

outcome<nlohmann::json> scan_and_publish(const metadata_client& store,
                                         const scanner_options& options,
                                         const std::string& scan_id) {
  if (options.dry_run)
    return scan(store, scan_id, print_all);
  skein::cluster::bus_options to;
  to.url = env_or("SKEIN_NATS_URL", "nats://127.0.0.1:4222");
  to.name = "dataset-scanner";
  to.identity = skein::cluster::identity_from_environment();
  auto bus = skein::cluster::bus::connect(std::move(to));
  if (!bus)
    return try_later(bus.error().what);
  const auto as = options.protobuf ? skein::bus::encoding::protobuf : skein::bus::encoding::json;
  return scan(store, scan_id,
              [&](const auto& requests) { return publish_all(**bus, requests, as); });
}

outcome<nlohmann::json> scanner(const scanner_options& options) {
  auto of = attempt::from_environment();
  if (!options.dataset.empty())
    of.dataset = options.dataset;
  const metadata_client store{of.metadata_api};
  if (!of.step.empty() || !options.dataset.empty())
    return discover(store, of);
  return scan_and_publish(store, options, of.scan.empty() ? new_scan_id() : of.scan);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Finds datasets that are due for another version and asks for their migration."};
  scanner_options options;
  app.add_option("--dataset", options.dataset, "Look this one dataset up instead");
  app.add_flag("--dry-run", options.dry_run, "Print what is pending and publish nothing");
  app.add_flag("--protobuf", options.protobuf, "Publish Protobuf instead of JSON");
  if (auto done = parse_arguments(app, argc, argv))
    return *done;
  return run([&] { return scanner(options); });
}
