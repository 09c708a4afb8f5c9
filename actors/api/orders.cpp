#include "actors/api/orders.hpp"

#include "actors/json_text.hpp"
#include "events/bus.hpp"
#include "events/migration.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;

constexpr std::size_t actor_bytes_max = 200;
constexpr std::size_t reason_bytes_max = 4096;
constexpr std::size_t input_bytes_max = 64 << 10;

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

bool needs_step(operator_verb verb) {
  return verb == operator_verb::skip || verb == operator_verb::override_input;
}

expected<std::string> read_step(const json& body) {
  const auto found = body.find("step");
  if (found == body.end() || !found->is_string() || is_blank(found->get_ref<const std::string&>()))
    return fail("the body needs 'step', the name of a step of the migration's workflow");
  return found->get<std::string>();
}

expected<std::string> read_input(const json& body) {
  const auto found = body.find("input");
  if (found == body.end() || !(found->is_object() || found->is_null()))
    return fail("the body needs 'input', a JSON object that is merged into what the step is given "
                "(RFC 7396), or null to take it back");
  if (found->is_null() || found->empty())
    return {};
  auto text = found->dump();
  if (text.size() > input_bytes_max)
    return fail("'input' has " + std::to_string(text.size()) + " bytes; at most "
                + std::to_string(input_bytes_max) + " are kept");
  return text;
}

expected<int32_t> read_priority(const json& body) {
  constexpr auto most = migration::priority_max;
  const auto found = body.find("priority");
  if (found == body.end() || !found->is_number_integer() || *found > most || *found < -most)
    return fail("the body needs 'priority', a whole number from " + std::to_string(-most) + " to "
                + std::to_string(most) + "; the higher, the sooner");
  return found->get<int32_t>();
}

} // namespace

std::vector<std::string_view> details_of(operator_verb verb) {
  if (verb == operator_verb::override_input)
    return {"step", "input"};
  if (verb == operator_verb::retry || needs_step(verb))
    return {"step"};
  if (verb == operator_verb::set_priority)
    return {"priority"};
  return {};
}

expected<order_details> read_details(operator_verb verb, const json& body) {
  order_details result;
  expected<void> ok;
  const auto keep = [](auto& into) { return [&into](auto value) { into = std::move(value); }; };
  if (needs_step(verb) || (verb == operator_verb::retry && body.contains("step")))
    ok = read_step(body).map(keep(result.step));
  if (ok && verb == operator_verb::override_input)
    ok = read_input(body).map(keep(result.input));
  if (ok && verb == operator_verb::set_priority)
    ok = read_priority(body).map(keep(result.priority));
  if (!ok)
    return tl::unexpected{ok.error()};
  return result;
}

std::string_view to_string(operator_verb x) noexcept {
  switch (x) {
    case operator_verb::scan: return "scan";
    case operator_verb::retry: return "retry";
    case operator_verb::approve: return "approve";
    case operator_verb::reject: return "reject";
    case operator_verb::cancel: return "cancel";
    case operator_verb::pause: return "pause";
    case operator_verb::resume: return "resume";
    case operator_verb::hold: return "hold";
    case operator_verb::skip: return "skip";
    case operator_verb::override_input: return "override-input";
    case operator_verb::set_priority: return "priority";
    case operator_verb::roll_back: return "rollback";
  }
  return "order";
}

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

tl::expected<bool, query_response> read_dry_run(const cluster::http_request& request) {
  bool is_dry = false;
  for (const auto& [name, value] : request.query) {
    if (name != "dry_run")
      return tl::unexpected{problem(400, "an order takes no parameter but dry_run; give actor, "
                                         "reason and what else it needs in its body")};
    if (value != "true" && value != "false")
      return tl::unexpected{problem(400, "parameter 'dry_run' must be true or false")};
    is_dry = value == "true";
  }
  return is_dry;
}

tl::expected<order_author, query_response> read_author(const json& body, const caller& who) {
  auto actor = actor_in(body, who);
  auto reason = required_text(body, "reason", reason_bytes_max);
  if (!actor || !reason)
    return tl::unexpected{problem(400, (actor ? reason.error() : actor.error()).what)};
  return order_author{*std::move(actor), *std::move(reason)};
}

std::optional<operator_verb> verb_named(std::string_view name) noexcept {
  for (const auto verb : migration_verbs)
    if (to_string(verb) == name)
      return verb;
  return std::nullopt;
}

tl::expected<operator_order, query_response> read_order(operator_verb verb, std::string migration,
                                                        const cluster::http_request& request,
                                                        const caller& who) {
  auto members = details_of(verb);
  members.insert(members.begin(), {"actor", "reason"});
  const auto is_dry = read_dry_run(request);
  if (!is_dry)
    return tl::unexpected{is_dry.error()};
  const auto body = read_body(request, members);
  if (!body)
    return tl::unexpected{body.error()};
  auto author = read_author(*body, who);
  if (!author)
    return tl::unexpected{author.error()};
  auto details = read_details(verb, *body);
  if (!details)
    return tl::unexpected{problem(400, details.error().what)};
  return operator_order{verb,
                        std::move(migration),
                        std::move(author->actor),
                        std::move(author->reason),
                        *std::move(details),
                        *is_dry};
}

} // namespace skein::actors
