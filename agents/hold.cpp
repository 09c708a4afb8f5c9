#include "agents/compatibility.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

std::string questions_of(const config::mapping& completed) {
  std::vector<std::string> all;
  for (const auto& rule : completed.rules)
    if (rule.kind == config::rule_kind::decide)
      all.push_back(fmt::format("column \"{}\": {}", rule.column, rule.question));
  if (all.empty())
    return {};
  return fmt::format("The mapping leaves a decision to a human, {}", fmt::join(all, "; "));
}

bool holds(const judged_consumer& x, hold_policy policy) {
  if (x.who.depth > 1 || policy == hold_policy::never)
    return false;
  return x.verdict == verdict::breaks
         || (x.verdict == verdict::unknown && policy == hold_policy::breaks_or_unknown);
}

std::string consumers_at_fault(const std::vector<judged_consumer>& judged, hold_policy policy) {
  std::vector<std::string> all;
  for (const auto& x : judged)
    if (holds(x, policy))
      all.push_back(fmt::format("{} ({})", x.who.name, fmt::join(x.reasons, ", ")));
  if (all.empty())
    return {};
  return fmt::format("{} {} not ready for this migration: {}", all.size(),
                     all.size() == 1 ? "consumer is" : "consumers are", fmt::join(all, "; "));
}

} // namespace

std::optional<hold_policy> parse_hold_policy(std::string_view text) {
  if (text == "breaks")
    return hold_policy::breaks;
  if (text == "breaks,unknown")
    return hold_policy::breaks_or_unknown;
  if (text == "never")
    return hold_policy::never;
  return std::nullopt;
}

std::optional<std::string> hold_reason(const std::vector<judged_consumer>& judged,
                                       const config::mapping& completed, hold_policy policy) {
  auto questions = questions_of(completed);
  auto consumers = consumers_at_fault(judged, policy);
  if (questions.empty() && consumers.empty())
    return std::nullopt;
  if (questions.empty())
    return consumers + ".";
  if (consumers.empty())
    return questions;
  return fmt::format("{} Also, {}.", questions, consumers);
}

} // namespace skein::agents
