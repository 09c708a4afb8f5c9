#include "actors/api/api_service.hpp"

#include "actors/api/failed_rows.hpp"
#include "actors/api/readings.hpp"
#include "actors/api/secret.hpp"
#include "actors/view_row.hpp"
#include "config/log.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

constexpr std::uint64_t body_bytes_max = 1 << 20;
constexpr std::size_t readers_max = 4000;
/// Beside the readers of the live events.
constexpr std::size_t connections_beside = 500;

std::string authority_of(const std::string& address, uint16_t port) {
  const bool is_v6 = address.find(':') != address.npos;
  return (is_v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

/// RFC 3986, section 2.3. The daemon's own texts and `$` are safe in an environment then.
std::string percent_encoded(const std::string& text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const unsigned char x : text) {
    if (std::isalnum(x) || std::string_view{"-._~"}.find(static_cast<char>(x)) != std::string::npos)
      result += static_cast<char>(x);
    else
      result.append({'%', digits[x >> 4], digits[x & 15]});
  }
  return result;
}

cluster::http_server_options options_of(const config::http& from, uint16_t port) {
  cluster::http_server_options options{.address = from.address,
                                       .port = port,
                                       .max_connections = readers_max + connections_beside,
                                       .max_body_bytes = body_bytes_max};
  if (!from.certificate.empty())
    options.tls = cluster::http_tls{from.certificate, from.key, from.client_ca};
  return options;
}

/// Nobody who can reach this over a network is let in without a token.
expected<void> check_exposure(const config::http& from) {
  if (config::is_loopback(from.address))
    return {};
  const auto tokens = read_tokens(from.tokens);
  if (!tokens)
    return tl::unexpected{tokens.error()};
  if (tokens->empty())
    return fail("listening on " + from.address
                + " would let everybody who can reach this machine in: there is no token in "
                + from.tokens.string()
                + "; make one with: skein token create NAME --role admin, or listen on 127.0.0.1");
  if (from.certificate.empty())
    log::warn("http-in-the-clear",
              "tokens cross the network in the clear on {}; give http: tls: in skein.yaml, or let "
              "a proxy in front speak TLS",
              from.address);
  return {};
}

/// Our own agents and console have to get in as well.
expected<void> check_own_clients(const config::http& from) {
  if (from.client_ca.empty())
    return {};
  if (!from.own_certificate.empty()) {
    const auto outdated = cluster::check_client({from.certificate, from.key, from.client_ca},
                                                from.own_certificate, from.own_key);
    if (!outdated)
      return tl::unexpected{outdated.error()};
    if (!outdated->empty())
      log::warn("http-own-certificate-outdated",
                "{}; the agents and the console of this workspace are left out until the file is "
                "replaced, for which skeind need not be started again",
                *outdated);
    return {};
  }
  log::warn("http-own-clients-left-out",
            "http: tls: client_ca: asks for certificates, and the agents and the console of this "
            "workspace have none to show; give own_certificate: and own_key: beside it");
  return {};
}

} // namespace

std::vector<std::pair<std::string, std::string>>
api_environment(const config::workspace& space, const std::string& url, const std::string& token) {
  std::vector<std::pair<std::string, std::string>> out{{"SKEIN_API", url}};
  if (!token.empty())
    out.emplace_back("SKEIN_TOKEN", token);
  if (!space.http.ca.empty())
    out.emplace_back("SKEIN_CA_FILE", space.http.ca.string());
  if (!space.http.own_certificate.empty()) {
    out.emplace_back("SKEIN_CERTIFICATE_FILE", space.http.own_certificate.string());
    out.emplace_back("SKEIN_KEY_FILE", space.http.own_key.string());
  }
  return out;
}

struct api_service::impl {
  impl(const parts& from, std::string secret, std::unique_ptr<idempotency_book> book)
      : given{from}, attempts{std::move(secret)}, answers{std::move(book)} {}

  http_parts parts_for(ports to);
  void say(const ports& to, const attempt_id& of, const attempt_progress& what) const;

  const api_service::parts given;
  const attempt_tokens attempts;
  std::unique_ptr<idempotency_book> answers;
  token_book tokens{
      given.space->http.tokens,
      {{given.own.console, {"", role::admin}}, {given.own.agents, {"", role::agent}}}};
  progress_book progress;
  line_book lines;
  failed_rows failed{*given.view};
  query_api queries{*given.log, failed, given.world.now,
                    [this](const std::string& migration, uint64_t epoch) {
                      const auto found = progress.find({migration, epoch});
                      return found ? progress_json(*found) : nlohmann::json{};
                    }};
  workspace_api workspace{*given.space, *given.view, *given.steering};
  steering_api steering{*given.steering, *given.view, *given.space, given.world.now};
  std::unique_ptr<metadata_api> metadata
      = given.metadata == nullptr ? nullptr : std::make_unique<metadata_api>(*given.metadata);
  std::unique_ptr<catalog_api> catalog
      = given.metadata == nullptr ? nullptr : std::make_unique<catalog_api>(*given.metadata);
  event_feed feed{*given.log, *given.view, {.clients_max = readers_max}};
  std::unique_ptr<cluster::http_server> server;
};

void api_service::impl::say(const ports& to, const attempt_id& of,
                            const attempt_progress& what) const {
  const auto bytes = given.view->get(std::string{row_key} + of.migration);
  const auto row = bytes && *bytes ? decode_row(**bytes) : expected<view_row>{fail("")};
  if (!row)
    return;
  const auto& now = row->state;
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    if (now.steps[i].epoch == of.epoch)
      to.say({of.migration, now.flow.steps[i].name, now.steps[i].attempts, now.flow.steps[i].agent,
              now.steps[i].worker, "progress", what.message, what.share});
}

http_parts api_service::impl::parts_for(ports to) {
  http_parts all;
  all.metadata = metadata.get();
  all.queries = &queries;
  all.order = to.order;
  all.fleet = to.fleet;
  all.ready = to.ready;
  all.catalog = catalog.get();
  all.space = &workspace;
  all.steering = &steering;
  all.steer = to.steer;
  all.rehearse_steering = to.rehearse_steering;
  all.feed = &feed;
  all.gate
      = {&tokens, &attempts, [this](const attempt_id& x) { return queries.runs(x); },
         given.space->http.requests_per_second, config::is_loopback(given.space->http.address)};
  all.answers = answers.get();
  all.progress = &progress;
  all.lines = &lines;
  if (to.say)
    all.told
        = [this, to](const attempt_id& of, const attempt_progress& what) { say(to, of, what); };
  all.now = given.world.now;
  all.metrics = [this](const std::vector<pool_line>& pools) {
    return given.counted->text(readings_of({*given.log, *given.view, given.space->audit.heads_file},
                                           feed.counts(), pools));
  };
  all.answered = [counted = given.counted](const api_route& route, const api_call& call, int status,
                                           double seconds) {
    counted->answered(route.pattern, call.request.method, status, seconds);
  };
  return all;
}

expected<std::unique_ptr<api_service>> api_service::open(const parts& given) {
  auto secret = load_or_make_secret(given.space->state / "api" / "attempt-secret");
  if (!secret)
    return tl::unexpected{secret.error()};
  auto answers = idempotency_book::open(given.space->state / "api" / "answers", given.world.now);
  if (!answers)
    return tl::unexpected{answers.error()};
  return std::unique_ptr<api_service>{
      new api_service{std::make_unique<impl>(given, *std::move(secret), *std::move(answers))}};
}

expected<void> api_service::listen(ports to, uint16_t port) {
  const auto& http = impl_->given.space->http;
  for (const auto check : {check_exposure, check_own_clients})
    if (auto fits = check(http); !fits)
      return fits;
  auto made = cluster::http_server::listen(options_of(http, port != 0 ? port : http.port),
                                           http_api(impl_->parts_for(std::move(to))));
  if (!made)
    return tl::unexpected{made.error()};
  impl_->server = std::move(*made);
  const auto* scheme = http.certificate.empty() ? "http://" : "https://";
  url_ = http.url.empty() ? scheme + authority_of(http.address, impl_->server->port()) : http.url;
  return {};
}

void api_service::close() { impl_->server.reset(); }

uint16_t api_service::port() const { return impl_->server->port(); }

void api_service::grew() { impl_->feed.grew(); }

void api_service::heard(bus::agent_line what) {
  impl_->lines.hear(std::move(what), impl_->given.world.now());
}

void api_service::equip(bus::assignment& work) const {
  const attempt_id of{work.migration, work.epoch};
  auto more = api_environment(*impl_->given.space, url_, impl_->attempts.of(of));
  more.emplace_back("SKEIN_PROGRESS_URL",
                    url_ + "/v1/attempts/" + percent_encoded(of.text()) + "/progress");
  // In front: what the agent's definition says wins.
  work.environment.insert(work.environment.begin(), more.begin(), more.end());
}

api_service::api_service(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

api_service::~api_service() = default;

} // namespace skein::actors
