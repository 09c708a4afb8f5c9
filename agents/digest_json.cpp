#include "agents/digest_json.hpp"

#include "agents/decision.hpp"

#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

using nlohmann::json;

json json_of(const told_change& x) {
  return {{"column", x.column}, {"change", x.change}, {"to", x.to}, {"detail", x.detail}};
}

json json_of(const told_consumer& x) {
  return {{"name", x.name},
          {"type", x.type},
          {"owner", x.owner},
          {"verdict", x.verdict},
          {"reasons", x.reasons}};
}

template <class List>
json list_of(const List& list) {
  auto out = json::array();
  for (const auto& x : list)
    out.push_back(json_of(x));
  return out;
}

json json_of(const decision& it) {
  auto commands = json::array();
  for (const auto& [what, how] : it.ways)
    commands.push_back({{"what", what}, {"command", how}});
  auto facts = json::array();
  for (const auto& [title, lines] : it.facts)
    facts.push_back({{"title", title}, {"lines", lines}});
  return {{"question", it.question},
          {"evidence", std::move(facts)},
          {"commands", std::move(commands)},
          {"link", it.link}};
}

void add_result(const letter_section& section, json& to) {
  auto mine = json::array();
  for (const auto* x : section.consumers)
    mine.push_back(json_of(*x));
  to["consumers"] = std::move(mine);
  if (const auto& result = section.about->result; result.known)
    to["result"] = {{"location", result.location},
                    {"server", result.server},
                    {"rows", result.rows},
                    {"bytes", result.bytes}};
}

void add_decision(const notice& about, const digest& of, json& to) {
  to["reason"] = about.reason;
  to["since"] = about.since;
  to["reminder"] = about.reminder;
  to["escalated"] = about.is_escalated;
  to["consumers"] = list_of(about.consumers);
  to["decision"] = json_of(decision_on(about, of.http_url));
}

json json_of(const letter_section& section, const digest& of) {
  const auto& about = *section.about;
  json out{{"migration", about.migration},
           {"dataset", about.dataset},
           {"kind", to_string(about.kind)},
           {"headline", headline_of(about)},
           {"current_version", about.current_version},
           {"target_version", about.target_version},
           {"owns_dataset", section.owns_dataset},
           {"changes", list_of(about.changes)}};
  if (about.kind == notice_kind::completed)
    add_result(section, out);
  else
    add_decision(about, of, out);
  return out;
}

} // namespace

json json_of(const letter& x, const digest& of) {
  auto notices = json::array();
  for (const auto& section : x.sections)
    notices.push_back(json_of(section, of));
  return {{"digest", of.id},
          {"owner", x.to},
          {"name", x.name},
          {"headline", headline_of(x)},
          {"notices", std::move(notices)}};
}

} // namespace skein::agents
