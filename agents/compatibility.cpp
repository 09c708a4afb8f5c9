#include "agents/compatibility.hpp"

#include "agents/changes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace skein::agents {

using config::column_rule;
using config::rule_kind;

namespace {

const column_rule* rule_for(const config::mapping& completed, const std::string& column) {
  for (const auto& rule : completed.rules)
    if (rule.column == column)
      return &rule;
  return nullptr;
}

bool reads(const column_rule& rule, const std::string& column) {
  return std::find(rule.reads.begin(), rule.reads.end(), column) != rule.reads.end();
}

std::string retyped(const std::string& column, const config::column& from,
                    const config::column* to) {
  return fmt::format("changes from {} to {}", from.type, to ? to->type : column);
}

/// The old column's name is still there: does it still hold the same?
std::optional<std::string> under_its_name(const column_rule& rule, const config::column& old,
                                          const config::contract& after) {
  const auto name = in_quotes(old.name);
  switch (rule.kind) {
    case rule_kind::keep: return std::nullopt;
    case rule_kind::rename:
      if (reads(rule, old.name))
        return std::nullopt;
      return fmt::format("column {} now holds what {} held", name, in_quotes(rule.reads.front()));
    case rule_kind::cast:
      if (reads(rule, old.name))
        return fmt::format("column {} {}", name, retyped(old.name, old, after.find(old.name)));
      return fmt::format("column {} now holds what {} held", name, in_quotes(rule.reads.front()));
    case rule_kind::expression: return fmt::format("column {} is computed anew", name);
    case rule_kind::constant:
      return fmt::format("column {} becomes the constant '{}'", name, rule.expression);
    case rule_kind::decide:
      return fmt::format("a human must decide what becomes of column {}", name);
  }
  return std::nullopt;
}

/// The old column's name is gone: where did its values go?
std::string under_another_name(const config::column& old, const config::mapping& completed,
                               const config::contract& after) {
  std::vector<std::string> into;
  for (const auto& rule : completed.rules) {
    if (!reads(rule, old.name))
      continue;
    if (rule.kind == rule_kind::rename)
      return fmt::format("column {} is renamed to {}", in_quotes(old.name), in_quotes(rule.column));
    if (rule.kind == rule_kind::cast)
      return fmt::format("column {} is renamed to {} and {}", in_quotes(old.name),
                         in_quotes(rule.column),
                         retyped(rule.column, old, after.find(rule.column)));
    into.push_back(in_quotes(rule.column));
  }
  if (into.empty())
    return fmt::format("column {} is dropped", in_quotes(old.name));
  return fmt::format("column {} is dropped, its values go into {}", in_quotes(old.name),
                     fmt::join(into, ", "));
}

judged_consumer judge_direct(const consumer& who, const config::contract& before,
                             const config::mapping& completed, const config::contract& after) {
  if (!who.columns)
    return {who, verdict::unknown, {"does not declare which columns it reads"}};
  judged_consumer judged{who, verdict::compatible, {}};
  for (const auto& column : *who.columns) {
    const bool known = before.find(column) != nullptr;
    if (auto why = breakage_of(column, before, completed, after)) {
      judged.reasons.push_back(std::move(*why));
      if (known)
        judged.verdict = verdict::breaks;
      else if (judged.verdict == verdict::compatible)
        judged.verdict = verdict::unknown;
    }
  }
  return judged;
}

/// The verdicts on datasets that are consumers themselves, by dataset id; the worst counts.
using dataset_verdicts = std::map<std::string, verdict>;

judged_consumer judge_indirect(const consumer& who, const dataset_verdicts& datasets) {
  const auto link = datasets.find(who.via);
  if (link != datasets.end() && link->second == verdict::compatible)
    return {who,
            verdict::compatible,
            {fmt::format("indirect: reads {}, which stays compatible", who.via)}};
  if (link != datasets.end() && link->second == verdict::breaks)
    return {who, verdict::unknown, {fmt::format("indirect: reads {}, which breaks", who.via)}};
  return {who,
          verdict::unknown,
          {fmt::format("indirect: reads {}, of which nothing certain is known", who.via)}};
}

int severity(verdict x) { return x == verdict::breaks ? 0 : x == verdict::unknown ? 1 : 2; }

void note(dataset_verdicts& datasets, const judged_consumer& x) {
  if (x.who.type != "dataset")
    return;
  const auto id = x.who.ref.substr(x.who.ref.rfind('/') + 1);
  const auto [at, fresh] = datasets.emplace(id, x.verdict);
  if (!fresh && severity(x.verdict) < severity(at->second))
    at->second = x.verdict;
}

} // namespace

const char* to_string(verdict x) noexcept {
  switch (x) {
    case verdict::compatible: return "compatible";
    case verdict::breaks: return "breaks";
    case verdict::unknown: return "unknown";
  }
  return "unknown";
}

std::optional<std::string> breakage_of(const std::string& column, const config::contract& before,
                                       const config::mapping& completed,
                                       const config::contract& after) {
  const auto* old = before.find(column);
  if (!old)
    return fmt::format("reads column {}, which contract {} does not have", in_quotes(column),
                       before.version);
  if (const auto* rule = rule_for(completed, column))
    return under_its_name(*rule, *old, after);
  return under_another_name(*old, completed, after);
}

std::vector<judged_consumer> judge(const std::vector<consumer>& consumers,
                                   const config::contract& before, const config::mapping& completed,
                                   const config::contract& after) {
  std::vector<consumer> nearest_first = consumers;
  std::stable_sort(nearest_first.begin(), nearest_first.end(),
                   [](const auto& a, const auto& b) { return a.depth < b.depth; });
  std::vector<judged_consumer> all;
  dataset_verdicts datasets;
  for (const auto& who : nearest_first) {
    all.push_back(who.depth > 1 ? judge_indirect(who, datasets)
                                : judge_direct(who, before, completed, after));
    note(datasets, all.back());
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return severity(a.verdict) < severity(b.verdict);
  });
  return all;
}

nlohmann::json to_json(const judged_consumer& x) {
  return {{"ref", x.who.ref},
          {"name", x.who.name},
          {"type", x.who.type},
          {"owner", x.who.owner},
          {"owner_name", x.who.owner_name},
          {"owner_email", x.who.owner_email},
          {"criticality", x.who.criticality},
          {"depth", x.who.depth},
          {"via", x.who.via},
          {"verdict", to_string(x.verdict)},
          {"reasons", x.reasons}};
}

nlohmann::json summary_of(const std::vector<judged_consumer>& all) {
  const auto count = [&](verdict v) {
    return std::count_if(all.begin(), all.end(), [&](const auto& x) { return x.verdict == v; });
  };
  return {{"compatible", count(verdict::compatible)},
          {"breaks", count(verdict::breaks)},
          {"unknown", count(verdict::unknown)}};
}

} // namespace skein::agents
