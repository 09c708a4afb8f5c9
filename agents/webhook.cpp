#include "agents/webhook.hpp"

#include "agents/webhook_signature.hpp"
#include "config/spelling.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace skein::agents {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds first_wait{500};
constexpr milliseconds longest_wait{8'000};
constexpr std::size_t shown_body_max = 200;

bool is_worth_another_try(int status) {
  return status >= 500 || status == 408 || status == 425 || status == 429;
}

/// In seconds; a date is left alone, as if there were none.
std::optional<milliseconds> retry_after(const cluster::http_response& answer) {
  for (const auto& [name, value] : answer.headers) {
    uint32_t count = 0;
    const auto* end = value.data() + value.size();
    if (config::lower(name) != "retry-after")
      continue;
    if (const auto [stop, error] = std::from_chars(value.data(), end, count);
        error == std::errc{} && stop == end)
      return seconds{count};
  }
  return std::nullopt;
}

/// What the endpoint says of it, on one line: Slack answers `invalid_blocks` and the like.
std::string said(const cluster::http_response& answer) {
  auto text = answer.body.substr(0, shown_body_max);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char x) { return x < ' ' || x == 0x7f; }, ' ');
  return text.empty() ? fmt::format("it answered {}", answer.status)
                      : fmt::format("it answered {}: {}", answer.status, text);
}

/// One try: nothing if it was taken, else why not, and when to try again at the earliest.
struct refusal {
  std::string why;
  bool is_final = false;
  std::optional<milliseconds> not_before = {};
};

std::optional<refusal> try_once(const webhook_ports& ports, const webhook_options& options,
                                const std::string& id, const std::string& body) {
  auto headers = webhook_headers(options.key, id, ports.unix_seconds(), body);
  headers.emplace_back("Content-Type", "application/json");
  headers.emplace_back("User-Agent", "skein-webhook-sender");
  const auto answer = ports.post(body, headers);
  if (!answer)
    return refusal{answer.error().what};
  if (answer->status >= 200 && answer->status < 300)
    return std::nullopt;
  if (answer->status >= 300 && answer->status < 400)
    return refusal{fmt::format("it answered {}, but a redirect is not followed; give the URL that "
                               "it leads to",
                               answer->status),
                   true};
  return refusal{said(*answer), !is_worth_another_try(answer->status), retry_after(*answer)};
}

} // namespace

outcome<void> post_webhook(const webhook_ports& ports, const webhook_options& options,
                           const std::string& id, const std::string& body) {
  const auto until = ports.clock() + options.patience;
  for (auto wait = first_wait;; wait = std::min(2 * wait, longest_wait)) {
    const auto refused = try_once(ports, options, id, body);
    if (!refused)
      return {};
    if (refused->is_final)
      return give_up("The webhook was not taken: " + refused->why + ".");
    const auto pause = std::max(refused->not_before.value_or(wait), wait);
    if (ports.clock() + pause >= until)
      return try_later("The webhook cannot be sent now: " + refused->why + ".");
    ports.wait(pause);
  }
}

std::string shown_origin(const std::string& url) {
  const auto scheme = url.find("//");
  const auto begin = scheme == url.npos ? 0 : scheme + 2;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  const auto at = url.substr(0, end).rfind('@');
  return url.substr(0, begin)
         + url.substr(at == url.npos || at < begin ? begin : at + 1,
                      end - (at == url.npos || at < begin ? begin : at + 1));
}

} // namespace skein::agents
