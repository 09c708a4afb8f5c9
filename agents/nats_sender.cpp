#include "agents/agent_io.hpp"
#include "agents/arguments.hpp"
#include "agents/digest_json.hpp"
#include "agents/send_letters.hpp"
#include "cluster/bus.hpp"
#include "cluster/subjects.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

/// nats-sender: tells owners what a digest of migrations means for them, one message for each owner
/// on a subject of its own (docs/bus.md).
namespace {

using namespace skein::agents;
using nlohmann::json;
namespace cluster = skein::cluster;

constexpr std::chrono::seconds publish_patience{10};

/// The bus, with the stream there.
outcome<std::unique_ptr<cluster::bus>> connect() {
  const auto url = env("SKEIN_NATS_URL");
  if (url.empty())
    return give_up("There is no bus to tell people on: set SKEIN_NATS_URL.");
  cluster::bus_options options;
  options.url = url;
  options.name = "nats-sender";
  options.identity = cluster::identity_from_environment();
  auto bus = cluster::bus::connect(std::move(options));
  if (!bus)
    return try_later(bus.error().what);
  const auto all = cluster::streams::all({cluster::subjects::actions});
  const auto told = std::find_if(all.begin(), all.end(), [](const cluster::stream_config& x) {
    return x.name == cluster::streams::told;
  });
  if (auto ready = (*bus)->ensure_stream(*told); !ready)
    return try_later(ready.error().what);
  return std::move(*bus);
}

/// A repeat has the same id and is dropped by the stream.
outcome<std::string> publish(cluster::bus& bus, const letter& x, const digest& all) {
  const auto subject = cluster::subjects::told(x.to);
  if (!subject)
    return give_up(subject.error().what);
  const auto data = json_of(x, all).dump(-1, ' ', false, json::error_handler_t::replace);
  const auto stored = bus.publish_durable(*subject, data, all.id + ":" + x.to,
                                          {{"Content-Type", "application/json"}}, publish_patience);
  if (!stored)
    return try_later(stored.error().what);
  return *subject;
}

outcome<json> sender() {
  auto all = read_digest();
  if (!all)
    return hand_on(all);
  auto bus = connect();
  if (!bus)
    return hand_on(bus);
  return send_letters(*all, letters_by_owner(*all), "messages", "subject",
                      [&](const letter& x) { return publish(**bus, x, *all); });
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Publishes what migrations mean for owners on NATS. Reads a digest as JSON from "
               "stdin."};
  if (auto done = parse_arguments(app, argc, argv))
    return *done;
  return run(sender);
}
