#include "tools/skein/event_line.hpp"

#include "tools/skein/words.hpp"

#include <cctype>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr std::size_t name_columns = 28;
constexpr std::size_t type_columns = 17;

std::string padded(const std::string& text, std::size_t columns) {
  const auto width = display_width(text);
  return text + std::string(width < columns ? columns - width : 0, ' ');
}

/// The proto JSON of the event has one member, named after its kind.
const json& payload_of(const json& event) {
  static const json nothing = json::object();
  const auto found = event.find("event");
  const bool is_payload = found != event.end() && found->is_object() && !found->empty()
                          && found->begin()->is_object();
  return is_payload ? *found->begin() : nothing;
}

std::string attempt_of(const json& what) {
  return text_of(what, "step") + " #"
         + std::to_string(static_cast<int>(number_of(what, "attempt")));
}

/// `OUT_OF_MEMORY`, as proto JSON names an enum's value, for people.
std::string lower(std::string name) {
  for (auto& x : name)
    x = x == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(x)));
  return name;
}

std::string with_why(std::string text, const json& what) {
  const auto why = text_of(what, "why");
  return why.empty() ? text : std::move(text) + ": " + why;
}

std::string detail_of(const std::string& type, const json& what) {
  if (type == "requested") {
    const auto subject = what.value("subject", json::object());
    return text_of(subject, "currentVersion") + " -> " + text_of(subject, "targetVersion");
  }
  if (type == "attempt_started")
    return attempt_of(what) + " on " + text_of(what, "worker");
  if (type == "attempt_failed")
    return with_why(attempt_of(what) + " (" + lower(text_of(what, "errorClass")) + ")", what);
  if (type.starts_with("attempt_"))
    return attempt_of(what);
  if (type == "owner_told" && !text_of(what, "channel").empty())
    return "on " + text_of(what, "channel");
  if (type == "reminder_due") {
    const auto* escalated
        = what.contains("escalates") && what["escalates"] == true ? ", escalated" : "";
    return "#" + std::to_string(static_cast<int>(number_of(what, "number"))) + escalated;
  }
  if (type == "retried")
    return joined(list_of(what, "steps"), ", ");
  return with_why(text_of(what, "step"), what);
}

/// As digits; empty if it has none. Proto JSON has numbers of 64 bits as texts.
std::string plain_number(const json& from, const char* member) {
  const auto found = from.find(member);
  if (found != from.end() && found->is_number_unsigned())
    return std::to_string(found->get<uint64_t>());
  return text_of(from, member);
}

/// Who ordered it and why, where that says more than the event does.
std::string by_whom(const json& event) {
  const auto actor = text_of(event, "actor"), reason = text_of(event, "reason");
  if (reason.empty())
    return {};
  return " (" + actor + ": " + reason + ")";
}

} // namespace

std::string event_detail(const json& event) {
  const auto type = text_of(event, "type");
  auto detail = detail_of(type, payload_of(event)) + by_whom(event);
  if (detail.empty() || type == "unreadable")
    detail = text_of(event, "reason");
  return one_line(detail);
}

table event_table(const json& events) {
  table rows{{{"SEQUENCE", table::align::right},
              {"AT"},
              {"MIGRATION"},
              {"VERSION", table::align::right},
              {"TYPE"},
              {"STEP"},
              {"ATTEMPT", table::align::right},
              {"ACTOR"},
              {"REASON"},
              {"DETAIL"}}};
  for (const auto& event : events) {
    const auto& what = payload_of(event);
    const auto type = text_of(event, "type");
    rows.add({{plain_number(event, "sequence")},
              {text_of(event, "at")},
              {text_of(event, "migration")},
              {plain_number(event, "version")},
              {type},
              {text_of(what, "step")},
              {plain_number(what, "attempt")},
              {text_of(event, "actor")},
              {text_of(event, "reason")},
              {detail_of(type, what)}});
  }
  return rows;
}

std::string event_line(const terminal& to, const json& event) {
  const auto type = text_of(event, "type");
  auto moment = text_of(event, "at").substr(0, 19);
  if (const auto t = moment.find('T'); t != moment.npos)
    moment[t] = ' ';
  const auto name = padded(one_line(text_of(event, "migration")), name_columns);
  auto rest = event_detail(event);
  const auto before = 19 + 2 + display_width(name) + 2 + type_columns + 2;
  if (to.width > 0)
    rest = shorten(rest, to.width > before ? to.width - before : 1);
  return paint(to, style::dim, padded(moment, 19)) + "  " + paint(to, style::bold, name) + "  "
         + paint(to, style_of(type), padded(type, type_columns)) + "  " + rest;
}

} // namespace skein::console
