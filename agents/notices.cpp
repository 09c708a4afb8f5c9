#include "agents/notices.hpp"

#include "agents/agent_io.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace skein::agents {

using nlohmann::json;

namespace {

std::string text_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

template <class Number>
Number number_of(const json& object, const char* key) {
  const auto at = object.find(key);
  return at != object.end() && at->is_number() ? at->get<Number>() : Number{};
}

const json& list_of(const json& object, const char* key) {
  static const json none = json::array();
  const auto at = object.find(key);
  return at != object.end() && at->is_array() ? *at : none;
}

std::optional<notice_kind> kind_of(const std::string& text) {
  for (const auto x : {notice_kind::completed, notice_kind::held, notice_kind::parked,
                       notice_kind::rolled_back, notice_kind::quarantined, notice_kind::test})
    if (text == to_string(x))
      return x;
  return std::nullopt;
}

void read_changes(const json& output, notice& to) {
  if (!to.changes.empty())
    return;
  for (const auto& x : list_of(output, "changes"))
    if (x.is_object())
      to.changes.push_back(
          {text_of(x, "column"), text_of(x, "change"), text_of(x, "to"), text_of(x, "detail")});
}

void read_consumers(const json& output, notice& to) {
  for (const auto& x : list_of(output, "consumers")) {
    if (!x.is_object())
      continue;
    told_consumer told{text_of(x, "name"),
                       text_of(x, "type"),
                       text_of(x, "owner"),
                       text_of(x, "owner_name"),
                       text_of(x, "owner_email"),
                       text_of(x, "verdict"),
                       {}};
    for (const auto& reason : list_of(x, "reasons"))
      if (reason.is_string())
        told.reasons.push_back(reason);
    to.consumers.push_back(std::move(told));
  }
}

void read_result(const json& output, notice& to) {
  if (!output.contains("rows") || !output.contains("location"))
    return;
  to.result = {true, text_of(output, "location"), text_of(output, "server"),
               number_of<int64_t>(output, "rows"), number_of<uint64_t>(output, "bytes")};
}

void read_owner(const json& output, notice& to) {
  if (!output.contains("owner_email"))
    return;
  to.owner_email = text_of(output, "owner_email");
  to.title = text_of(output, "title");
  if (to.owner.empty())
    to.owner = text_of(output, "owner");
}

/// `validate-dependencies: compatible 2, breaks 1`, of what a step counted.
void read_findings(const std::string& step, const json& output, notice& to) {
  if (const auto summary = output.find("summary");
      summary != output.end() && summary->is_object() && !summary->empty()) {
    std::vector<std::string> counts;
    for (const auto& [name, count] : summary->items())
      if (count.is_number_integer())
        counts.push_back(fmt::format("{} {}", name, count.get<int64_t>()));
    if (!counts.empty())
      to.findings.push_back(fmt::format("{}: {}", step, fmt::join(counts, ", ")));
  }
}

/// To the minute is enough for people.
std::string minute_of(const std::string& rfc3339) {
  if (rfc3339.size() < 16)
    return {};
  return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 5) + " UTC";
}

void read_reminder(const json& from, notice& to) {
  to.since = minute_of(text_of(from, "since"));
  to.reminder = number_of<uint32_t>(from, "reminder");
  const auto escalated = from.find("escalated");
  to.is_escalated = escalated != from.end() && escalated->is_boolean() && escalated->get<bool>();
  for (const auto& address : list_of(from, "escalate_to"))
    if (address.is_string())
      to.escalate_to.push_back(address);
}

outcome<notice> parse_notice(const json& from) {
  notice to;
  to.migration = text_of(from, "migration");
  const auto kind = kind_of(from.contains("kind") ? text_of(from, "kind") : "completed");
  if (to.migration.empty() || !kind)
    return give_up(fmt::format("A notice names no migration or has an unknown kind (\"{}\"); kinds "
                               "are completed, held, parked, quarantined, rolled_back and test.",
                               text_of(from, "kind")));
  to.kind = *kind;
  to.dataset = text_of(from, "dataset");
  to.current_version = text_of(from, "current_version");
  to.target_version = text_of(from, "target_version");
  to.reason = text_of(from, "reason");
  to.owner = text_of(from, "owner");
  read_reminder(from, to);
  const auto inputs = from.find("inputs");
  if (inputs == from.end() || !inputs->is_object())
    return to;
  for (const auto& [step, output] : inputs->items()) {
    if (!output.is_object())
      continue;
    read_owner(output, to);
    read_changes(output, to);
    read_consumers(output, to);
    read_result(output, to);
    read_findings(step, output, to);
  }
  return to;
}

/// One step's input stands for a digest of its own; a repeat of the step has the same id.
outcome<digest> single(const json& input) {
  auto only = parse_notice(input);
  if (!only)
    return hand_on(only);
  digest alone{only->migration, {}, {}};
  alone.notices.push_back(std::move(*only));
  return alone;
}

} // namespace

const char* to_string(notice_kind x) noexcept {
  switch (x) {
    case notice_kind::completed: return "completed";
    case notice_kind::held: return "held";
    case notice_kind::parked: return "parked";
    case notice_kind::rolled_back: return "rolled_back";
    case notice_kind::quarantined: return "quarantined";
    case notice_kind::test: return "test";
  }
  return "unknown";
}

outcome<digest> parse_digest(const json& input) {
  if (!input.contains("notices"))
    return single(input);
  digest all{text_of(input, "digest"), {}, {}};
  if (all.id.empty())
    return give_up("The input has notices but no digest id.");
  for (const auto& x : list_of(input, "notices")) {
    auto one = parse_notice(x.is_object() ? x : json::object());
    if (!one)
      return hand_on(one);
    all.notices.push_back(std::move(*one));
  }
  return all;
}

outcome<digest> read_digest() {
  auto input = read_input();
  if (!input)
    return hand_on(input);
  auto all = parse_digest(*input);
  if (all)
    all->http_url = env("SKEIN_HTTP_URL");
  return all;
}

} // namespace skein::agents
