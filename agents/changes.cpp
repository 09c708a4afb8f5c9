#include "agents/changes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace skein::agents {

using config::column_rule;
using config::rule_kind;

namespace {

bool reads(const column_rule& rule, const std::string& column) {
  return std::find(rule.reads.begin(), rule.reads.end(), column) != rule.reads.end();
}

std::string type_of(const config::contract& of, const std::string& column) {
  const auto* found = of.find(column);
  return found ? found->type : std::string{};
}

/// The change of an old column that one rule carries over whole; nothing when it stays as it is.
std::optional<change> carried(const config::column& old, const column_rule& rule,
                              const config::contract& after) {
  const auto type = type_of(after, rule.column);
  const auto retyped = fmt::format("{} becomes {}", old.type, type);
  if (rule.kind == rule_kind::rename && rule.column != old.name)
    return change{change_kind::renamed, old.name, rule.column,
                  type == old.type ? "same values under a new name" : retyped};
  if (rule.kind != rule_kind::cast)
    return std::nullopt;
  auto detail = retyped;
  if (!rule.format.empty())
    detail += fmt::format(", read as {}", in_quotes(rule.format));
  if (rule.null_on_error)
    detail += ", what cannot be converted becomes null";
  return change{change_kind::cast, old.name, rule.column, detail};
}

bool carries(const column_rule& rule, const std::string& old) {
  switch (rule.kind) {
    case rule_kind::keep: return rule.column == old;
    case rule_kind::rename:
    case rule_kind::cast: return reads(rule, old);
    default: return false;
  }
}

/// The change of an old column that no rule carries over.
change left_behind(const std::string& old, const std::vector<column_rule>& rules) {
  std::vector<std::string> into;
  for (const auto& rule : rules)
    if (rule.kind == rule_kind::expression && reads(rule, old))
      into.push_back(rule.column);
  if (into.empty())
    return {change_kind::dropped, old, {}, "goes away"};
  return {change_kind::computed, old, fmt::format("{}", fmt::join(into, ", ")),
          fmt::format("goes into the computed {}", fmt::join(into, ", "))};
}

std::optional<change> brought_in(const column_rule& rule) {
  switch (rule.kind) {
    case rule_kind::expression:
      return change{change_kind::added,
                    rule.column,
                    {},
                    rule.reads.empty() ? fmt::format("computed: {}", rule.expression)
                                       : fmt::format("computed from {}: {}",
                                                     fmt::join(rule.reads, ", "), rule.expression)};
    case rule_kind::constant:
      return change{change_kind::added,
                    rule.column,
                    {},
                    fmt::format("the constant '{}' in every row", rule.expression)};
    case rule_kind::decide: return change{change_kind::undecided, rule.column, {}, rule.question};
    default: return std::nullopt;
  }
}

} // namespace

std::vector<change> changes_between(const config::contract& before,
                                    const config::mapping& completed,
                                    const config::contract& after) {
  std::vector<change> all;
  for (const auto& old : before.columns) {
    bool lives_on = false;
    for (const auto& rule : completed.rules) {
      if (!carries(rule, old.name))
        continue;
      lives_on = true;
      if (auto x = carried(old, rule, after))
        all.push_back(std::move(*x));
    }
    if (!lives_on)
      all.push_back(left_behind(old.name, completed.rules));
  }
  for (const auto& rule : completed.rules)
    if (auto x = brought_in(rule))
      all.push_back(std::move(*x));
  return all;
}

const char* to_string(change_kind x) noexcept {
  switch (x) {
    case change_kind::renamed: return "renamed";
    case change_kind::cast: return "cast";
    case change_kind::computed: return "computed";
    case change_kind::dropped: return "dropped";
    case change_kind::added: return "added";
    case change_kind::undecided: return "undecided";
  }
  return "unknown";
}

nlohmann::json to_json(const change& x) {
  nlohmann::json object{{"column", x.column}, {"change", to_string(x.kind)}, {"detail", x.detail}};
  if (!x.to.empty())
    object["to"] = x.to;
  return object;
}

nlohmann::json to_json(const std::vector<change>& all) {
  auto list = nlohmann::json::array();
  for (const auto& x : all)
    list.push_back(to_json(x));
  return list;
}

std::string in_quotes(const std::string& name) { return '"' + name + '"'; }

} // namespace skein::agents
