#include "actors/api/http_api.hpp"

#include "actors/json_text.hpp"
#include "events/bus.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

namespace skein::actors {

namespace {

using cluster::http_request;
using nlohmann::json;
using reply = cluster::http_server::reply_function;

constexpr std::string_view metadata_prefix = "/metadata";
constexpr std::string_view migrations_prefix = "/v1/migrations/";
constexpr std::size_t actor_bytes_max = 200;
constexpr std::size_t reason_bytes_max = 4096;

query_response wrong_method(const http_request& request, const char* allowed) {
  auto answer
      = problem(405, request.path + " does not take " + request.method + "; it takes " + allowed);
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

std::optional<operator_verb> verb_of(const std::string& word) {
  if (word == "retry")
    return operator_verb::retry;
  if (word == "approve")
    return operator_verb::approve;
  if (word == "cancel")
    return operator_verb::cancel;
  return std::nullopt;
}

/// Which order a path is for; its actor and reason are in the body.
std::optional<operator_order> order_at(const std::string& path) {
  if (path == "/v1/scan")
    return operator_order{operator_verb::scan, {}, {}, {}};
  if (!path.starts_with(migrations_prefix))
    return std::nullopt;
  auto [id, tail] = split_migration_path(path.substr(migrations_prefix.size()));
  if (const auto verb = verb_of(tail))
    return operator_order{*verb, std::move(id), {}, {}};
  return std::nullopt;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

expected<std::string> required_text(const json& body, const char* member, std::size_t most) {
  const auto found = body.find(member);
  if (found == body.end() || !found->is_string() || is_blank(found->get_ref<const std::string&>()))
    return fail("the body needs '" + std::string{member}
                + "', a text that is not empty: who orders it and why are kept in the log");
  const auto& text = found->get_ref<const std::string&>();
  if (text.size() > most)
    return fail("'" + std::string{member} + "' has " + std::to_string(text.size())
                + " bytes; at most " + std::to_string(most) + " are kept");
  return text;
}

expected<operator_order> complete(operator_order order, const std::string& text) {
  const auto body = parse_json(text);
  if (!body || !body->is_object())
    return fail(R"(the body must be a JSON object: {"actor": "who", "reason": "why"})");
  auto actor = required_text(*body, "actor", actor_bytes_max);
  auto reason = required_text(*body, "reason", reason_bytes_max);
  if (!actor || !reason)
    return tl::unexpected{actor ? reason.error() : actor.error()};
  order.actor = *std::move(actor);
  order.reason = *std::move(reason);
  return order;
}

json fleet_json(const std::vector<pool_line>& pools) {
  json lines = json::array();
  for (const auto& pool : pools) {
    json workers = json::array();
    for (const auto& [name, leases] : pool.workers)
      workers.push_back({{"name", name}, {"leases", leases}});
    lines.push_back({{"pool", pool.pool},
                     {"waiting", pool.waiting},
                     {"running", pool.running},
                     {"workers", std::move(workers)}});
  }
  return {{"pools", std::move(lines)}};
}

class router {
public:
  explicit router(http_parts parts) : parts_{std::move(parts)} {}

  void route(const http_request& request, const reply& answer) const {
    const auto& path = request.path;
    if (path == metadata_prefix || path.starts_with("/metadata/"))
      return answer(metadata(request));
    if (auto order = order_at(path))
      return take_order(request, *std::move(order), answer);
    if (!path.starts_with("/v1/") && path != "/healthz" && path != "/readyz")
      return answer(problem(404, "there is nothing at " + path));
    if (request.method != "GET")
      return answer(wrong_method(request, "GET"));
    if (path == "/v1/fleet")
      return parts_.fleet(
          [answer](const auto& pools) { answer(json_response(fleet_json(pools))); });
    answer(read(request));
  }

private:
  query_response read(const http_request& request) const {
    if (request.path == "/healthz")
      return json_response({{"status", "ok"}});
    if (request.path != "/readyz")
      return parts_.queries->get(request.path, request.query);
    const auto ready = parts_.ready();
    return ready ? json_response({{"status", "ready"}}) : problem(503, ready.error().what);
  }

  query_response metadata(const http_request& request) const {
    if (!parts_.metadata)
      return problem(404, "this workspace has a metadata store of its own; ask that");
    return parts_.metadata->handle(request.method, request.path.substr(metadata_prefix.size()),
                                   request.query, request.body);
  }

  void take_order(const http_request& request, operator_order order, const reply& answer) const {
    if (request.method != "POST")
      return answer(wrong_method(request, "POST"));
    const auto encoding = bus::encoding_of(request.header("Content-Type"));
    if (!encoding || *encoding != bus::encoding::json)
      return answer(problem(415, "an order needs the header Content-Type: application/json"));
    auto whole = complete(std::move(order), request.body);
    if (!whole)
      return answer(problem(400, whole.error().what));
    if (!whole->migration.empty())
      if (auto missing = parts_.queries->missing(whole->migration))
        return answer(*std::move(missing));
    parts_.order(*std::move(whole), answer);
  }

  http_parts parts_;
};

} // namespace

cluster::http_server::handler http_api(http_parts parts) {
  return [to = std::make_shared<const router>(std::move(parts))](
             const http_request& request, const reply& answer) { to->route(request, answer); };
}

} // namespace skein::actors
