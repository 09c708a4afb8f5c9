#include "agents/agent_io.hpp"
#include "agents/arguments.hpp"
#include "agents/send_letters.hpp"
#include "agents/slack.hpp"
#include "agents/webhook.hpp"
#include "agents/webhook_signature.hpp"
#include "cluster/http_client.hpp"

#include <CLI/CLI.hpp>
#include <ctime>
#include <nlohmann/json.hpp>
#include <thread>

/// webhook-sender: tells owners what a digest of migrations means for them, one message for each
/// owner, over a webhook that Slack and what is compatible with it understands.
namespace {

using namespace skein::agents;
using namespace std::chrono;
using nlohmann::json;

struct endpoint {
  std::string url;
  std::string ca_file;
  milliseconds timeout;
};

/// The URL itself must not be told: whoever has it can post there.
std::string without_url(std::string text, const endpoint& to) {
  for (auto at = text.find(to.url); at != text.npos; at = text.find(to.url, at)) {
    const auto shown = shown_origin(to.url);
    text.replace(at, to.url.size(), shown);
    at += shown.size();
  }
  return text;
}

webhook_ports ports_of(const endpoint& to) {
  webhook_ports ports;
  ports.post = [to](const std::string& body, const skein::cluster::http_headers& headers) {
    return skein::cluster::http_call("POST", to.url, body, headers, to.timeout, {to.ca_file})
        .map_error([&](skein::failure why) {
          return skein::failure{without_url(std::move(why.what), to)};
        });
  };
  ports.wait = [](milliseconds span) { std::this_thread::sleep_for(span); };
  ports.clock = [] { return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()); };
  ports.unix_seconds = [] { return static_cast<int64_t>(std::time(nullptr)); };
  return ports;
}

std::string body_of(const letter& x, const digest& all) {
  return slack_message(x, all).dump(-1, ' ', false, json::error_handler_t::replace);
}

outcome<webhook_options> options_from_environment() {
  webhook_options options;
  options.patience = seconds{env_number("SKEIN_WEBHOOK_PATIENCE", 60)};
  const auto secret = env("SKEIN_WEBHOOK_SECRET");
  if (secret.empty())
    return options;
  auto key = webhook_key(secret);
  if (!key)
    return hand_on(key);
  options.key = *std::move(key);
  return options;
}

outcome<json> send(const digest& all) {
  const endpoint to{env("SKEIN_WEBHOOK_URL"), env("SKEIN_WEBHOOK_CA_FILE"),
                    seconds{env_number("SKEIN_WEBHOOK_TIMEOUT", 10)}};
  if (!to.url.starts_with("https://") && !to.url.starts_with("http://"))
    return give_up(
        "SKEIN_WEBHOOK_URL must be the http:// or https:// URL to post to; set it in the "
        "agent's env.");
  auto options = options_from_environment();
  if (!options)
    return hand_on(options);
  const auto ports = ports_of(to);
  return send_letters(all, letters_by_owner(all), "messages", "webhook",
                      [&](const letter& x) -> outcome<std::string> {
                        auto posted = post_webhook(ports, *options, webhook_id(all.id, x.to),
                                                   body_of(x, all));
                        if (!posted)
                          return hand_on(posted);
                        return shown_origin(to.url);
                      });
}

outcome<json> sender() {
  auto all = read_digest();
  if (!all)
    return hand_on(all);
  return send(*all);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Posts what migrations mean for owners to a webhook. Reads a digest as JSON from "
               "stdin."};
  if (auto done = parse_arguments(app, argc, argv))
    return *done;
  return run(sender);
}
