#include "agents/quality.hpp"

#include "agents/sql_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

using config::measure;

namespace {

/// Rows beyond the first of each value. Grouping, unlike count(DISTINCT …), can spill to disk.
std::string duplicates_sql(const std::string& columns, const std::string& filter,
                           std::string_view table) {
  return fmt::format("SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) FROM (SELECT count(*) AS n "
                     "FROM {} {} GROUP BY {} HAVING count(*) > 1)",
                     table, filter, columns);
}

std::string duplicates_of(const std::string& column, std::string_view table) {
  const auto name = identifier(column);
  return duplicates_sql(name, fmt::format("WHERE {} IS NOT NULL", name), table);
}

std::string invalid_sql(const config::quality_rule& rule, std::string_view table) {
  std::vector<std::string> values;
  for (const auto& x : rule.valid_values)
    values.push_back(literal(x));
  return fmt::format("SELECT count(*) FROM {0} WHERE {1} IS NOT NULL AND NOT list_contains([{2}]"
                     "::VARCHAR[], CAST({1} AS VARCHAR))",
                     table, identifier(rule.column), fmt::join(values, ", "));
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string written_sql(const config::quality_rule& rule, const std::string& table) {
  auto query = rule.query;
  replace_all(query, "${table}", table);
  replace_all(query, "${column}", identifier(rule.column));
  return query;
}

std::string measure_sql(const config::quality_rule& rule, const std::string& table) {
  switch (rule.what) {
    case measure::row_count: return fmt::format("SELECT count(*) FROM {}", table);
    case measure::null_values:
      return fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", table,
                         identifier(rule.column));
    case measure::duplicate_values: return duplicates_of(rule.column, table);
    case measure::invalid_values: return invalid_sql(rule, table);
    case measure::sql: return written_sql(rule, table);
  }
  return {};
}

quality_check check_of(const config::quality_rule& rule, const std::string& table) {
  auto sql = measure_sql(rule, table);
  if (rule.percent)
    sql = fmt::format("SELECT coalesce(100.0 * ({}\n) / nullif((SELECT count(*) FROM {}), 0), 0)",
                      sql, table);
  return {rule.name, std::move(sql), rule.must_be, rule.blocking};
}

config::bounds zero() {
  config::bounds none;
  none.equal = 0;
  return none;
}

quality_check required(const config::column& x, const std::string& table) {
  return {fmt::format("{} must not be null", x.name),
          fmt::format("SELECT count(*) FROM {} WHERE {} IS NULL", table, identifier(x.name)),
          zero(), true};
}

/// JSON has no way to write infinity or "not a number" (RFC 8259, section 6).
bool must_be_finite(const config::contract& of, const config::column& x) {
  const bool is_json = of.where.format == "json" || of.where.format == "ndjson";
  return is_json && (x.type == "DOUBLE" || x.type == "FLOAT");
}

quality_check finite(const config::column& x, const std::string& table) {
  return {fmt::format("{} must be finite numbers in JSON", x.name),
          fmt::format("SELECT count_if(NOT isfinite({})) FROM {}", identifier(x.name), table),
          zero(), true};
}

quality_check unique_key(const std::vector<std::string>& columns, const std::string& table) {
  std::vector<std::string> names;
  for (const auto& x : columns)
    names.push_back(identifier(x));
  const auto list = fmt::format("{}", fmt::join(names, ", "));
  return {fmt::format("{} must be unique", fmt::join(columns, ", ")),
          columns.size() == 1 ? duplicates_of(columns.front(), table)
                              : duplicates_sql(list, "", table),
          zero(), true};
}

} // namespace

std::vector<quality_check> quality_checks(const config::contract& of, std::string_view name) {
  const auto table = identifier(name);
  std::vector<quality_check> all;
  std::vector<std::string> key;
  for (const auto& x : of.columns) {
    if (x.required || x.primary_key)
      all.push_back(required(x, table));
    if (must_be_finite(of, x))
      all.push_back(finite(x, table));
    if (x.primary_key)
      key.push_back(x.name);
  }
  for (const auto& x : of.columns)
    if (x.unique && key != std::vector{x.name})
      all.push_back(unique_key({x.name}, table));
  if (!key.empty())
    all.push_back(unique_key(key, table));
  for (const auto& rule : of.quality)
    all.push_back(check_of(rule, table));
  return all;
}

bool within(double x, const config::bounds& must_be) {
  return (!must_be.equal || x == *must_be.equal) && (!must_be.not_equal || x != *must_be.not_equal)
         && (!must_be.greater_than || x > *must_be.greater_than)
         && (!must_be.at_least || x >= *must_be.at_least)
         && (!must_be.less_than || x < *must_be.less_than)
         && (!must_be.at_most || x <= *must_be.at_most);
}

std::string to_string(const config::bounds& must_be) {
  std::vector<std::string> parts;
  const auto add = [&](const char* words, const std::optional<double>& bound) {
    if (bound)
      parts.push_back(fmt::format("{} {}", words, *bound));
  };
  add("equal to", must_be.equal);
  add("other than", must_be.not_equal);
  add("greater than", must_be.greater_than);
  add("at least", must_be.at_least);
  add("less than", must_be.less_than);
  add("at most", must_be.at_most);
  return fmt::format("{}", fmt::join(parts, " and "));
}

nlohmann::json to_json(const measured_check& x) {
  return {{"rule", x.check.name},
          {"measured", x.measured},
          {"ok", x.ok},
          {"blocking", x.check.blocking},
          {"expected", to_string(x.check.must_be)}};
}

} // namespace skein::agents
