#include "agents/transform_sql.hpp"

#include "agents/sql_text.hpp"

#include <fmt/format.h>

namespace skein::agents {

using config::rule_kind;

namespace {

std::string cast_to(std::string_view value, std::string_view type) {
  return fmt::format("CAST({} AS {})", value, type);
}

/// Text to a date or time by a strptime format. Numbers such as 20200131 pass through text.
void derive_parsed(derived_column& out, const config::column_rule& rule) {
  const auto text = cast_to(identifier(rule.reads.front()), "VARCHAR");
  const auto format = literal(rule.format);
  const auto lenient = fmt::format("TRY_CAST(try_strptime({}, {}) AS {})", text, format, out.type);
  out.fails = fmt::format("({} IS NOT NULL AND {} IS NULL)", text, lenient);
  out.value = rule.null_on_error ? lenient
                                 : cast_to(fmt::format("strptime({}, {})", text, format), out.type);
}

void derive_cast(derived_column& out, const config::column_rule& rule,
                 const config::contract& before) {
  if (!rule.format.empty())
    return derive_parsed(out, rule);
  const auto* old = before.find(rule.reads.front());
  const auto value = identifier(rule.reads.front());
  out.fails = unconvertible(value, old ? old->type : std::string{}, out.type);
  out.value = cast_to(value, out.type);
  if (rule.null_on_error && !out.fails.empty())
    out.value = fmt::format("CASE WHEN {} THEN NULL ELSE TRY_CAST({} AS {}) END", out.fails, value,
                            out.type);
}

derived_column derive_one(const config::column_rule& rule, const config::contract& before,
                          const config::contract& after) {
  const auto* target = after.find(rule.column);
  derived_column out;
  out.name = rule.column;
  out.type = target ? target->type : "VARCHAR";
  out.kind = rule.kind;
  out.null_on_error = rule.null_on_error;
  out.reads = rule.reads;
  switch (rule.kind) {
    case rule_kind::keep:
      out.reads = {rule.column};
      out.value = cast_to(identifier(rule.column), out.type);
      break;
    case rule_kind::rename: out.value = cast_to(identifier(rule.reads.front()), out.type); break;
    case rule_kind::cast: derive_cast(out, rule, before); break;
    // The line end keeps a trailing `--` comment from swallowing the bracket.
    case rule_kind::expression:
      out.value = cast_to(fmt::format("({}\n)", rule.expression), out.type);
      break;
    case rule_kind::constant: out.value = cast_to(literal(rule.expression), out.type); break;
    case rule_kind::decide: out.value = cast_to("NULL", out.type); break;
  }
  return out;
}

} // namespace

std::vector<derived_column> derive(const config::contract& before, const config::mapping& completed,
                                   const config::contract& after) {
  std::vector<derived_column> all;
  for (const auto& rule : completed.rules)
    all.push_back(derive_one(rule, before, after));
  return all;
}

std::string transform_sql(const std::vector<derived_column>& columns, std::string_view source) {
  std::vector<std::string> list;
  for (const auto& x : columns)
    list.push_back(fmt::format("{} AS {}", x.value, identifier(x.name)));
  return fmt::format("SELECT {} FROM {}", fmt::join(list, ", "), identifier(source));
}

bool carries_values(const derived_column& x) {
  return x.kind == rule_kind::keep || x.kind == rule_kind::rename;
}

std::string checksum_sql(const std::vector<derived_column>& columns, std::string_view table,
                         bool new_names) {
  std::string list = "count(*)";
  for (const auto& x : columns) {
    if (!carries_values(x))
      continue;
    auto value = new_names ? identifier(x.name) : x.value;
    // JSON text is compared without its layout, which files do not keep.
    const auto hashed = x.type == "JSON" ? fmt::format("CAST(json({}) AS VARCHAR)", value) : value;
    list += fmt::format(", count({}), CAST(coalesce(sum(hash({})), 0) AS VARCHAR)", value, hashed);
  }
  return fmt::format("SELECT {} FROM {}", list, identifier(table));
}

} // namespace skein::agents
