#include "actors/api/http_api.hpp"
#include "actors/api/openapi.hpp"
#include "actors/api/preconditions.hpp"
#include "actors/api/rehearsal.hpp"
#include "actors/api/route_makers.hpp"
#include "actors/api/steering_routes.hpp"
#include "actors/json_text.hpp"
#include "events/status.hpp"

#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::size_t message_bytes_max = 1000;

query_response not_here(const char* what) {
  return problem(404, std::string{"this workspace has "} + what + " of its own; ask that");
}

// -- health -------------------------------------------------------------------------------------

void add_health(const http_parts& parts, std::vector<api_route>& to) {
  const auto add = [&](const char* path, api_handler handle) {
    to.push_back({"GET", path, 0, std::move(handle), access::open, true});
  };
  add("/healthz", at_once([](const api_call&) { return json_response({{"status", "ok"}}); }));
  add("/readyz", at_once([ready = parts.ready](const api_call&) {
        const auto now = ready();
        return now ? json_response({{"status", "ready"}}) : problem(503, now.error().what);
      }));
  add("/v1/openapi.json", at_once([](const api_call&) {
        return query_response{.body = std::string{openapi_document()}};
      }));
}

// -- reading the log and the view ---------------------------------------------------------------

json breaker_json(const breaker_line& from) {
  const auto& [agent, storage] = from.target;
  const bool is_closed = from.status == breaker_status::closed;
  return {{"agent", agent},
          {"storage", storage.empty() ? json{} : json(storage)},
          {"status", to_string(from.status)},
          {"failures", from.failures},
          {"attempts", from.outcomes},
          {"why", from.why.empty() ? json{} : json(from.why)},
          {"half_open_at", is_closed ? json{} : json(rfc3339(from.half_open_at))}};
}

json fleet_json(const std::vector<pool_line>& pools) {
  json lines = json::array();
  for (const auto& pool : pools) {
    json workers = json::array();
    for (const auto& [name, leases] : pool.workers)
      workers.push_back({{"name", name}, {"leases", leases}});
    json breakers = json::array();
    for (const auto& each : pool.breakers)
      breakers.push_back(breaker_json(each));
    lines.push_back({{"pool", pool.pool},
                     {"waiting", pool.waiting},
                     {"running", pool.running},
                     {"workers", std::move(workers)},
                     {"breakers", std::move(breakers)}});
  }
  return {{"pools", std::move(lines)}};
}

bool wants_stream(const cluster::http_request& request) {
  return request.header("Accept").find("text/event-stream") != std::string::npos;
}

query_response events(const http_parts& parts, const api_call& call) {
  const auto& request = call.request;
  if (parts.feed == nullptr || !wants_stream(request))
    return parts.queries->get(request.path, request.query);
  const auto who = call.who.name.empty() ? request.remote : call.who.name;
  return parts.queries->stream(*parts.feed, request.query, request.header("Last-Event-ID"), who);
}

void add_reads(const http_parts& parts, std::vector<api_route>& to) {
  const auto ask = at_once([queries = parts.queries](const api_call& call) {
    return queries->get(call.request.path, call.request.query);
  });
  to.push_back(
      get("/v1/events", at_once([parts](const api_call& call) { return events(parts, call); })));
  for (const auto* path :
       {"/v1/status", "/v1/replay", "/v1/diff", "/v1/migrations", "/v1/failures",
        "/v1/migrations/{id}/attempts", "/v1/migrations/{id}/events", "/v1/migrations/{id}/replay"})
    to.push_back(get(path, ask));
  const auto fleet = [ask_pools = parts.fleet](const api_call& call, const api_reply& reply) {
    if (!call.request.query.empty())
      return reply(problem(400, "there is no parameter here"));
    ask_pools([reply](const auto& pools) { reply(json_response(fleet_json(pools))); });
  };
  to.push_back(get("/metrics", [parts](const api_call& call, const api_reply& reply) {
    if (!call.request.query.empty())
      return reply(problem(400, "there is no parameter here"));
    parts.fleet([reply, text = parts.metrics](const auto& pools) {
      reply(query_response{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                           .body = text ? text(pools) : std::string{}});
    });
  }));
  to.push_back(get("/v1/fleet", fleet));
  to.push_back(get("/v1/pools", fleet));
}

// -- orders -------------------------------------------------------------------------------------

/// For a migration that is there. Whether it is still as the caller saw it is looked at where the
/// order is decided.
tl::expected<operator_order, query_response> order_in(const http_parts& parts, operator_verb verb,
                                                      const api_call& call) {
  auto order = read_order(verb, call.at.empty() ? "" : call.at[0], call.request, call.who);
  if (!order || verb == operator_verb::scan)
    return order;
  auto wanted = version_wanted(call.request);
  if (!wanted)
    return tl::unexpected{std::move(wanted.error())};
  if (auto known = parts.queries->version_of(order->migration); !known)
    return tl::unexpected{std::move(known.error())};
  order->if_version = *wanted;
  return order;
}

api_handler order(const http_parts& parts, operator_verb verb) {
  return [parts, verb](const api_call& call, const api_reply& reply) {
    auto whole = order_in(parts, verb, call);
    if (!whole)
      return reply(whole.error());
    if (verb == operator_verb::scan && whole->is_dry)
      return reply(parts.catalog == nullptr ? not_here("a metadata store")
                                            : rehearse_scan(*parts.catalog, *parts.queries));
    parts.order(*std::move(whole), reply);
  };
}

void add_orders(const http_parts& parts, std::vector<api_route>& to) {
  to.push_back(post("/v1/scan", operators, order(parts, operator_verb::scan)));
  for (const auto verb : migration_verbs)
    to.push_back(
        post("/v1/migrations/{id}/" + std::string{to_string(verb)}, operators, order(parts, verb)));
  // Behind what has a word after the id.
  to.push_back(get("/v1/migrations/{id}", at_once([queries = parts.queries](const api_call& call) {
                     return queries->get(call.request.path, call.request.query);
                   })));
}

// -- the catalog --------------------------------------------------------------------------------

void add_catalog(const http_parts& parts, std::vector<api_route>& to) {
  const auto ask = [&](std::string path, auto method) {
    to.push_back(get(std::move(path), at_once([catalog = parts.catalog, method](const api_call& x) {
                       return catalog == nullptr ? not_here("a metadata store")
                                                 : method(*catalog, x);
                     }),
                     readers_and_agents));
  };
  ask("/v1/datasets",
      [](const catalog_api& from, const api_call& x) { return from.datasets(x.request.query); });
  ask("/v1/owners",
      [](const catalog_api& from, const api_call& x) { return from.owners(x.request.query); });
  ask("/v1/owners/{ref}", [](const catalog_api& from, const api_call& x) {
    return from.owner(x.at[0], x.request.query);
  });
  const auto below = [metadata = parts.metadata](std::string_view base) {
    return at_once([metadata, base](const api_call& call) {
      const auto& request = call.request;
      return metadata == nullptr
                 ? not_here("a metadata store")
                 : metadata->handle("GET", request.path.substr(base.size()), request.query, {});
    });
  };
  const auto write = at_once([metadata = parts.metadata](const api_call& call) {
    if (metadata == nullptr)
      return not_here("a metadata store");
    if (!call.request.query.empty())
      return problem(400, "there is no parameter here");
    const auto body = read_body(call.request, {"expected", "version", "by"});
    if (!body)
      return body.error();
    const auto wanted = version_wanted(call.request);
    return wanted ? metadata->write_version(call.at[0], call.request.body, *wanted)
                  : wanted.error();
  });
  for (const std::string_view base : {"/v1", "/metadata"}) {
    const auto path = std::string{base} + "/datasets/{dataset}";
    for (const auto* tail : {"/consumers", "/contracts/{version}", "/mappings/{versions}"})
      to.push_back(get(path + tail, below(base), readers_and_agents));
    to.push_back(post(path + "/version", writers, write));
  }
  to.push_back(get("/metadata/datasets", below("/metadata"), readers_and_agents));
  to.push_back(get("/metadata/datasets/{dataset}", below("/metadata"), readers_and_agents));
  ask("/v1/datasets/{dataset}", [](const catalog_api& from, const api_call& x) {
    return from.dataset(x.at[0], x.request.query);
  });
}

// -- the workspace ------------------------------------------------------------------------------

void add_workspace(const http_parts& parts, std::vector<api_route>& to) {
  const auto ask = [&](std::string path, auto method) {
    to.push_back(get(std::move(path), at_once([space = parts.space, method](const api_call& x) {
                       return space == nullptr ? not_here("settings") : method(*space, x);
                     })));
  };
  using at = const workspace_api&;
  ask("/v1/agents", [](at from, const api_call& x) { return from.agents(x.request.query); });
  ask("/v1/agents/{name}",
      [](at from, const api_call& x) { return from.agent(x.at[0], x.request.query); });
  ask("/v1/workflows", [](at from, const api_call& x) { return from.workflows(x.request.query); });
  ask("/v1/workflows/{name}",
      [](at from, const api_call& x) { return from.workflow(x.at[0], x.request.query); });
  ask("/v1/limits", [](at from, const api_call& x) { return from.limits(x.request.query); });
  ask("/v1/leases", [](at from, const api_call& x) { return from.leases(x.request.query); });
  ask("/v1/heads", [](at from, const api_call& x) { return from.heads(x.request.query); });
  ask("/v1/heads/newest",
      [](at from, const api_call& x) { return from.newest_head(x.request.query); });
}

query_response tokens(token_book* book) {
  json rows = json::array();
  if (book != nullptr)
    for (const auto& x : book->list())
      rows.push_back({{"id", x.id()},
                      {"name", x.name},
                      {"role", to_string(x.may)},
                      {"created", x.created.empty() ? json{} : json(x.created)}});
  return json_response({{"tokens", rows}});
}

// -- what attempts say of themselves ------------------------------------------------------------

expected<attempt_progress> progress_in(const json& body, migration::timestamp now) {
  const auto sequence = body.find("sequence"), share = body.find("progress"),
             message = body.find("message");
  if (sequence == body.end() || !sequence->is_number_unsigned() || *sequence == 0)
    return fail("the body needs 'sequence', a whole number from 1 on that grows with every call");
  if (share == body.end() || !share->is_number() || *share < 0 || *share > 1)
    return fail("the body needs 'progress', a number from 0 to 1");
  if (message != body.end() && !message->is_string())
    return fail("'message' must be a text");
  return attempt_progress{
      sequence->get<uint64_t>(), share->get<double>(),
      message == body.end() ? std::string{}
                            : clean_text(message->get_ref<const std::string&>(), message_bytes_max),
      now};
}

query_response lines(const http_parts& parts, const api_call& call) {
  static const line_book silence;
  const auto known = parts.queries->version_of(call.at[0]);
  return known ? lines_of(parts.lines ? *parts.lines : silence, call.at[0], call.request.query)
               : known.error();
}

query_response take_progress(const http_parts& parts, const api_call& call) {
  const auto attempt = parse_attempt_id(call.at[0]);
  if (!attempt || parts.progress == nullptr)
    return problem(404, "there is no attempt '" + call.at[0]
                            + "'; it is a migration and an epoch, such as movies@v2:3");
  if (call.who.attempt != attempt)
    return problem(403, "only the attempt itself may tell this, with the token it was given in "
                        "SKEIN_TOKEN");
  if (!call.request.query.empty())
    return problem(400, "there is no parameter here");
  const auto body = read_body(call.request, {"sequence", "progress", "message"});
  if (!body)
    return body.error();
  auto told = progress_in(*body, parts.now());
  if (!told)
    return problem(400, told.error().what);
  const auto [now, is_new] = parts.progress->tell(*attempt, *std::move(told));
  if (is_new && parts.told)
    parts.told(*attempt, now);
  auto answer = progress_json(now);
  answer["attempt"] = attempt->text();
  return json_response(answer);
}

} // namespace

std::vector<api_route> http_routes(const http_parts& parts) {
  std::vector<api_route> all;
  add_health(parts, all);
  add_reads(parts, all);
  all.push_back(get("/v1/migrations/{id}/lines",
                    at_once([parts](const api_call& call) { return lines(parts, call); })));
  add_orders(parts, all);
  add_steering_routes(parts, all);
  add_catalog(parts, all);
  add_workspace(parts, all);
  all.push_back(get("/v1/tokens", at_once([book = parts.gate.tokens](const api_call& call) {
                      return call.request.query.empty()
                                 ? tokens(book)
                                 : problem(400, "there is no parameter here");
                    }),
                    of(role::admin)));
  all.push_back(
      post("/v1/attempts/{attempt}/progress", of(role::agent) | role::admin,
           at_once([parts](const api_call& call) { return take_progress(parts, call); })));
  return all;
}

} // namespace skein::actors
