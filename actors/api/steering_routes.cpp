#include "actors/api/steering_routes.hpp"

#include "actors/api/route_makers.hpp"

namespace skein::actors {

namespace {

using order_read = steering_api::order_read;
using show = std::function<query_response()>;

/// Gives the order, and shows what is then.
void give(const http_parts& parts, const api_call& call, order_read order, const api_reply& reply,
          const show& then) {
  if (!order)
    return reply(order.error());
  if (read_dry_run(call.request).value_or(false))
    return reply(parts.rehearse_steering(*order));
  parts.steer(*std::move(order), [reply, then](std::optional<query_response> refused) {
    reply(refused ? *std::move(refused) : then());
  });
}

template <class Read>
api_route order(const http_parts& parts, std::string path, Read read) {
  return post(std::move(path), operators,
              [parts, read](const api_call& call, const api_reply& reply) {
                give(parts, call, read(*parts.steering, call), reply,
                     [api = parts.steering] { return api->steering(); });
              });
}

template <class Show>
api_route shown(const http_parts& parts, std::string path, Show what) {
  return get(std::move(path), at_once([api = parts.steering, what](const api_call& call) {
               return call.request.query.empty() ? what(*api, call)
                                                 : problem(400, "there is no parameter here");
             }));
}

void start_bulk(const http_parts& parts, const api_call& call, const api_reply& reply) {
  const auto* api = parts.steering;
  auto whole = api->bulk(call.request, call.who);
  if (!whole)
    return reply(whole.error());
  if (whole->is_dry)
    return reply(api->preview(std::get<steering::start_bulk>(whole->order.what).plan));
  give(parts, call, std::move(whole->order), reply, [api] { return api->newest_bulk(); });
}

} // namespace

void add_steering_routes(const http_parts& parts, std::vector<api_route>& to) {
  using api = const steering_api&;
  to.push_back(shown(parts, "/v1/steering", [](api x, const api_call&) { return x.steering(); }));
  to.push_back(
      order(parts, "/v1/halt", [](api x, const api_call& c) { return x.halt(c.request, c.who); }));
  to.push_back(
      order(parts, "/v1/go", [](api x, const api_call& c) { return x.go(c.request, c.who); }));
  to.push_back(order(parts, "/v1/pause",
                     [](api x, const api_call& c) { return x.scope(c.request, c.who, true); }));
  to.push_back(order(parts, "/v1/resume",
                     [](api x, const api_call& c) { return x.scope(c.request, c.who, false); }));
  to.push_back(order(parts, "/v1/limits",
                     [](api x, const api_call& c) { return x.limit(c.request, c.who); }));
  to.push_back(shown(parts, "/v1/bulks", [](api x, const api_call&) { return x.bulks(); }));
  to.push_back(post("/v1/bulks", operators, [parts](const api_call& call, const api_reply& reply) {
    start_bulk(parts, call, reply);
  }));
  to.push_back(post(
      "/v1/bulks/{bulk}/stop", operators, [parts](const api_call& call, const api_reply& reply) {
        give(parts, call, parts.steering->stop(call.at[0], call.request, call.who), reply,
             [api = parts.steering, id = call.at[0]] { return api->bulk(id); });
      }));
  to.push_back(shown(parts, "/v1/bulks/{bulk}",
                     [](api x, const api_call& call) { return x.bulk(call.at[0]); }));
}

} // namespace skein::actors
