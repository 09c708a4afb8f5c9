#pragma once

#include "actors/api/access.hpp"
#include "actors/api/query_response.hpp"
#include "actors/steering_book.hpp"
#include "config/workspace.hpp"
#include "events/failure.hpp"
#include "store/view_store.hpp"

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>

namespace skein::actors {

/// Why an order was refused; nothing: it is in the log.
using refusal_reply = std::function<void(std::optional<query_response>)>;

/// Gives an order about the fleet to who keeps its log; answered once, from any thread.
using steer_port = std::function<void(steering_order, refusal_reply)>;

/// What the HTTP API says of how the fleet is steered, and what it takes for an order. Threads: any
/// number at once.
///
///   GET  /v1/steering
///   POST /v1/halt                {}
///   POST /v1/go                  {"ramp_seconds"}            over which ever more runs at once
///   POST /v1/pause, /v1/resume   {"scope", "name"}           of a pool, owner or storage
///   POST /v1/limits              {"name", "value"}           null: what the workspace says
///   GET  /v1/bulks, /v1/bulks/<id>
///   POST /v1/bulks               {"order", "filter", "at_most", "step", "input", "priority",
///                                 "dry_run"}
///   POST /v1/bulks/<id>/stop     {}
///
/// each with "actor" and "reason".
class steering_api {
public:
  /// All must outlive it.
  steering_api(const steering_book& book, const store::view_reader& view,
               const config::workspace& space, std::function<steering::timestamp()> now)
      : book_{book}, view_{view}, space_{space}, now_{std::move(now)} {}

  query_response steering() const;
  query_response bulks() const;
  query_response bulk(const std::string& id) const;
  query_response newest_bulk() const;

  using order_read = tl::expected<steering_order, query_response>;
  order_read halt(const cluster::http_request&, const caller&) const;
  order_read go(const cluster::http_request&, const caller&) const;
  order_read scope(const cluster::http_request&, const caller&, bool pauses) const;
  order_read limit(const cluster::http_request&, const caller&) const;
  order_read stop(const std::string& id, const cluster::http_request&, const caller&) const;

  /// A plan, and whether only its preview is wanted.
  struct bulk_order {
    steering_order order;
    bool is_dry = false;
  };
  tl::expected<bulk_order, query_response> bulk(const cluster::http_request&, const caller&) const;

  /// How many migrations an order is for, and some of them.
  query_response preview(const steering::bulk_plan&) const;

private:
  expected<void> check_limit(const std::string& name) const;

  const steering_book& book_;
  const store::view_reader& view_;
  const config::workspace& space_;
  std::function<steering::timestamp()> now_;
};

} // namespace skein::actors
