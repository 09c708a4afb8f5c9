#include "actors/api/orders.hpp"

#include "actors/json_text.hpp"
#include "events/bus.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::size_t actor_bytes_max = 200;
constexpr std::size_t reason_bytes_max = 4096;

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
  if (clean_text(text, most) != text)
    return fail("'" + std::string{member} + "' has control characters; leave them out");
  return text;
}

expected<std::string> actor_in(const json& body, const caller& who) {
  if (!body.contains("actor") && !who.name.empty())
    return who.name;
  auto actor = required_text(body, "actor", actor_bytes_max);
  if (actor && !who.name.empty() && *actor != who.name)
    return *actor + " (token " + who.name + ")";
  return actor;
}

} // namespace

tl::expected<json, query_response> read_body(const cluster::http_request& request,
                                             const std::vector<std::string_view>& members) {
  const auto encoding = bus::encoding_of(request.header("Content-Type"));
  if (!encoding || *encoding != bus::encoding::json)
    return tl::unexpected{problem(415, "this needs the header Content-Type: application/json")};
  auto body = parse_json(request.body);
  std::string known;
  for (const auto member : members)
    known += (known.empty() ? "" : ", ") + std::string{member};
  if (!body || !body->is_object())
    return tl::unexpected{problem(400, "the body must be a JSON object with: " + known)};
  for (const auto& [name, value] : body->items())
    if (std::find(members.begin(), members.end(), name) == members.end())
      return tl::unexpected{problem(400, "the body has '" + clean_text(name, 100)
                                             + "', which means nothing here; there are: " + known)};
  return *std::move(body);
}

tl::expected<operator_order, query_response> read_order(operator_verb verb, std::string migration,
                                                        const cluster::http_request& request,
                                                        const caller& who) {
  const auto body = read_body(request, {"actor", "reason"});
  if (!body)
    return tl::unexpected{body.error()};
  auto actor = actor_in(*body, who);
  auto reason = required_text(*body, "reason", reason_bytes_max);
  if (!actor || !reason)
    return tl::unexpected{problem(400, (actor ? reason.error() : actor.error()).what)};
  return operator_order{verb, std::move(migration), *std::move(actor), *std::move(reason)};
}

} // namespace skein::actors
