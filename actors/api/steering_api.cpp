#include "actors/api/steering_api.hpp"

#include "actors/api/orders.hpp"
#include "actors/bulk_page.hpp"
#include "actors/step_info.hpp"
#include "events/migration.hpp"
#include "events/status.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;
using steering::scope;

constexpr int64_t ramp_seconds_max
    = std::chrono::duration_cast<std::chrono::seconds>(steering::longest_ramp).count();
constexpr std::size_t name_bytes_max = 500;
constexpr std::size_t filters_max = 20;

json bulk_json(const steering::bulk& x) {
  json plan{{"order", x.plan.order}, {"filter", x.plan.filter}, {"at_most", x.plan.at_most}};
  if (!x.plan.step.empty())
    plan["step"] = x.plan.step;
  if (!x.plan.input.empty())
    plan["input"] = json::parse(x.plan.input, nullptr, false);
  if (x.plan.priority != 0)
    plan["priority"] = x.plan.priority;
  return {{"id", x.id},
          {"status", to_string(x.status)},
          {"plan", std::move(plan)},
          {"obeyed", x.obeyed},
          {"refused", x.refused},
          {"reached", x.reached.empty() ? json{} : json(x.reached)},
          {"actor", x.actor},
          {"reason", x.reason},
          {"started_at", rfc3339(x.started)},
          {"changed_at", rfc3339(x.changed)}};
}

json names_of(const steering::state& from, scope wanted) {
  json names = json::array();
  for (const auto& [what, name] : from.paused)
    if (what == wanted)
      names.push_back(name);
  return names;
}

tl::unexpected<query_response> bad(const std::string& why) {
  return tl::unexpected{problem(400, why)};
}

struct authored_body {
  json body;
  order_author who;

  steering_order order(steering::order what) const {
    return {std::move(what), who.actor, who.reason};
  }
};

tl::expected<authored_body, query_response> read(const cluster::http_request& request,
                                                 const caller& who,
                                                 std::vector<std::string_view> members) {
  if (auto fits = read_dry_run(request); !fits)
    return tl::unexpected{fits.error()};
  members.insert(members.begin(), {"actor", "reason"});
  auto body = read_body(request, members);
  if (!body)
    return tl::unexpected{body.error()};
  auto author = read_author(*body, who);
  if (!author)
    return tl::unexpected{author.error()};
  return authored_body{*std::move(body), *std::move(author)};
}

expected<std::string> text_in(const json& body, const char* member) {
  const auto found = body.find(member);
  if (found == body.end() || !found->is_string() || found->get_ref<const std::string&>().empty()
      || found->get_ref<const std::string&>().size() > name_bytes_max)
    return fail(std::string{"the body needs '"} + member + "', a text of at most "
                + std::to_string(name_bytes_max) + " bytes");
  return found->get<std::string>();
}

/// A whole number; `otherwise` if it is not there.
expected<int64_t> number_in(const json& body, const char* member, int64_t least, int64_t most,
                            int64_t otherwise) {
  const auto found = body.find(member);
  if (found == body.end())
    return otherwise;
  if (!found->is_number_integer() || *found < least || *found > most)
    return fail(std::string{"'"} + member + "' must be a whole number from " + std::to_string(least)
                + " to " + std::to_string(most));
  return found->get<int64_t>();
}

expected<steering::filter> filter_in(const json& body) {
  const auto found = body.find("filter");
  if (found == body.end() || !found->is_object() || found->size() > filters_max)
    return fail(
        "the body needs 'filter', an object with the parameters of GET /v1/migrations, such "
        "as {\"state\": \"parked\"}; {} is for all");
  steering::filter filter;
  for (const auto& [name, value] : found->items()) {
    if (!value.is_string() || value.get_ref<const std::string&>().size() > name_bytes_max)
      return fail("the filter's '" + name.substr(0, 100) + "' must be a text of at most "
                  + std::to_string(name_bytes_max) + " bytes");
    filter[name] = value.get<std::string>();
  }
  return filter;
}

/// What only some orders have; nothing else may be there.
expected<void> read_more(operator_verb verb, const json& body, steering::bulk_plan& to) {
  const auto taken = details_of(verb);
  for (const auto* member : {"step", "input", "priority"})
    if (body.contains(member) && std::find(taken.begin(), taken.end(), member) == taken.end())
      return fail(std::string{"'"} + member + "' means nothing to '" + to.order + "'");
  if (body.contains("step"))
    if (auto step = text_in(body, "step"); !step)
      return tl::unexpected{step.error()};
  return read_details(verb, body).map([&](order_details more) {
    to.step = std::move(more.step);
    to.input = std::move(more.input);
    to.priority = more.priority;
  });
}

} // namespace

query_response steering_api::steering() const {
  const auto now = book_.now();
  const auto over = now->released_at + now->ramp;
  const bool ramps = now->ramp.count() > 0 && now_() < over && !now->is_halted;
  return json_response({{"halted", now->is_halted},
                        {"ramp_until", ramps ? json(rfc3339(over)) : json{}},
                        {"paused",
                         {{"pools", names_of(*now, scope::pool)},
                          {"owners", names_of(*now, scope::owner)},
                          {"storages", names_of(*now, scope::storage)}}},
                        {"limits", now->limits}});
}

query_response steering_api::bulks() const {
  json rows = json::array();
  for (const auto& x : book_.now()->bulks)
    rows.push_back(bulk_json(x));
  return json_response({{"bulks", std::move(rows)}});
}

query_response steering_api::bulk(const std::string& id) const {
  const auto now = book_.now();
  const auto* found = now->find(id);
  return found ? json_response(bulk_json(*found))
               : problem(404, "there is no bulk '" + id
                                  + "', or it was over long ago; its events are in the log");
}

query_response steering_api::newest_bulk() const {
  const auto now = book_.now();
  return bulk(now->bulks.empty() ? "" : now->bulks.back().id);
}

steering_api::order_read steering_api::halt(const cluster::http_request& request,
                                            const caller& who) const {
  return read(request, who, {}).map([](const auto& got) { return got.order(steering::halt{}); });
}

steering_api::order_read steering_api::go(const cluster::http_request& request,
                                          const caller& who) const {
  const auto got = read(request, who, {"ramp_seconds"});
  if (!got)
    return tl::unexpected{got.error()};
  const auto ramp = number_in(got->body, "ramp_seconds", 0, ramp_seconds_max, 0);
  if (!ramp)
    return bad(ramp.error().what);
  return got->order(steering::release{std::chrono::seconds{*ramp}});
}

steering_api::order_read steering_api::scope(const cluster::http_request& request,
                                             const caller& who, bool pauses) const {
  const auto got = read(request, who, {"scope", "name"});
  if (!got)
    return tl::unexpected{got.error()};
  const auto kind = text_in(got->body, "scope"), name = text_in(got->body, "name");
  if (!kind || !name)
    return bad((kind ? name.error() : kind.error()).what);
  for (const auto each : {scope::pool, scope::owner, scope::storage})
    if (*kind == to_string(each)) {
      if (each == scope::pool && *name != fleet_pool)
        return bad("there is no pool '" + *name + "'; the fleet's is '" + fleet_pool + "'");
      if (pauses)
        return got->order(steering::pause_scope{each, *name});
      return got->order(steering::resume_scope{each, *name});
    }
  return bad("'scope' must be pool, owner or storage");
}

expected<void> steering_api::check_limit(const std::string& name) const {
  if (name == "running" || name == "per_owner" || name == "per_storage" || name == "intake")
    return {};
  if (const auto agent = steering::limited_agent(name); space_.agents.contains(std::string{agent}))
    return {};
  return fail("there is no limit '" + name
              + "'; there are running, per_owner, per_storage, intake, and agent:<name> for each "
                "agent of the workspace");
}

steering_api::order_read steering_api::limit(const cluster::http_request& request,
                                             const caller& who) const {
  const auto got = read(request, who, {"name", "value"});
  if (!got)
    return tl::unexpected{got.error()};
  auto name = text_in(got->body, "name");
  const auto known = name ? check_limit(*name) : expected<void>{};
  if (!name || !known)
    return bad((name ? known.error() : name.error()).what);
  const auto value = got->body.find("value");
  if (value != got->body.end() && value->is_null())
    return got->order(steering::change_limit{*std::move(name), std::nullopt});
  const auto number = number_in(got->body, "value", *name == "intake" ? 1 : 0, UINT32_MAX, -1);
  if (!number || *number < 0)
    return bad(number ? "the body needs 'value', a whole number; 0 for none, null for what the "
                        "workspace says"
                      : number.error().what);
  return got->order(steering::change_limit{*std::move(name), static_cast<uint32_t>(*number)});
}

steering_api::order_read steering_api::stop(const std::string& id,
                                            const cluster::http_request& request,
                                            const caller& who) const {
  if (!book_.now()->find(id))
    return tl::unexpected{bulk(id)};
  return read(request, who, {}).map([&](const auto& got) {
    return got.order(steering::stop_bulk{id});
  });
}

tl::expected<steering_api::bulk_order, query_response>
steering_api::bulk(const cluster::http_request& request, const caller& who) const {
  const auto got
      = read(request, who, {"order", "filter", "at_most", "step", "input", "priority", "dry_run"});
  if (!got)
    return tl::unexpected{got.error()};
  const auto order = text_in(got->body, "order");
  auto filter = filter_in(got->body);
  const auto at_most = number_in(got->body, "at_most", 1, INT64_MAX, 0);
  if (!order || !filter || !at_most)
    return bad((!order ? order.error() : !filter ? filter.error() : at_most.error()).what);
  const auto verb = verb_named(*order);
  if (!verb)
    return bad("there is no order '" + *order + "' for migrations");
  steering::bulk_plan plan{*order, *std::move(filter), {}, {}, 0, static_cast<uint64_t>(*at_most)};
  if (auto ok = read_more(*verb, got->body, plan); !ok)
    return bad(ok.error().what);
  if (auto means = check_bulk_filter(plan.filter, now_()); !means)
    return bad(means.error().what);
  const auto dry = got->body.find("dry_run");
  if (dry != got->body.end() && !dry->is_boolean())
    return bad("'dry_run' must be true or false");
  return bulk_order{got->order(steering::start_bulk{std::move(plan)}),
                    (dry != got->body.end() && dry->get<bool>())
                        || read_dry_run(request).value_or(false)};
}

query_response steering_api::preview(const steering::bulk_plan& plan) const {
  auto found = preview_bulk(view_, plan.filter, now_());
  if (!found)
    return problem(500, found.error().what);
  const auto most = plan.at_most == 0 ? found->count : std::min(plan.at_most, found->count);
  if (found->first.size() > most)
    found->first.resize(most);
  return json_response({{"dry_run", true}, {"count", most}, {"first", found->first}});
}

} // namespace skein::actors
