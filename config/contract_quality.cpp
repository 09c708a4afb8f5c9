#include "config/contract_parts.hpp"
#include "config/spelling.hpp"
#include "config/yaml_reader.hpp"

#include <algorithm>
#include <map>

namespace skein::config {

namespace {

using yaml::map_reader;

const std::vector<std::string> metrics{"rowCount", "nullValues", "duplicateValues",
                                       "invalidValues"};

/// The names ODCS v3.0 uses in its examples for the metrics of v3.1.
const std::map<std::string, std::string> older_names{{"nullCheck", "nullValues"},
                                                     {"duplicateCount", "duplicateValues"},
                                                     {"validValues", "invalidValues"}};

measure measure_of(const std::string& metric) {
  if (metric == "nullValues")
    return measure::null_values;
  if (metric == "duplicateValues")
    return measure::duplicate_values;
  return metric == "invalidValues" ? measure::invalid_values : measure::row_count;
}

bool has_bounds(const bounds& x) {
  return x.equal || x.not_equal || x.greater_than || x.at_least || x.less_than || x.at_most;
}

void read_between(const map_reader& in, bounds& to) {
  if (!in.find("mustBeBetween"))
    return;
  const auto& ends = in.list("mustBeBetween");
  auto low = ends.size() == 2 ? yaml::number_of(ends[0]) : std::nullopt;
  auto high = ends.size() == 2 ? yaml::number_of(ends[1]) : std::nullopt;
  if (!low || !high || *low > *high)
    return in.mistake("mustBeBetween",
                      "\"mustBeBetween\" must be a list of two numbers, the smaller one first");
  to.at_least = low;
  to.at_most = high;
}

bounds read_bounds(const map_reader& in) {
  bounds result;
  result.equal = in.number("mustBe");
  result.not_equal = in.number("mustNotBe");
  result.greater_than = in.number("mustBeGreaterThan");
  result.at_least = in.number("mustBeGreaterOrEqualTo");
  result.less_than = in.number("mustBeLessThan");
  result.at_most = in.number("mustBeLessOrEqualTo");
  read_between(in, result);
  if (in.find("mustNotBeBetween"))
    in.mistake("mustNotBeBetween", "\"mustNotBeBetween\" is not supported; write a rule of type "
                                   "sql that answers 0 or 1");
  return result;
}

void read_valid_values(const map_reader& in, quality_rule& to, yaml::report& out) {
  to.valid_values = in.texts("validValues");
  if (const auto* arguments = in.map("arguments")) {
    map_reader more{*arguments, out, "the arguments", {"validValues", "pattern"}};
    if (more.find("validValues"))
      to.valid_values = more.texts("validValues");
    if (more.find("pattern"))
      return more.mistake("pattern", "patterns are not supported; write a rule of type sql with "
                                     "regexp_full_match");
  }
  if (to.valid_values.empty())
    in.out().add(in.at(), "the rule needs the list of valid values, under \"validValues\"");
}

void read_library_rule(const map_reader& in, quality_rule& to, yaml::report& out) {
  const char* key = in.find("metric") ? "metric" : "rule";
  auto metric = in.required_text(key);
  if (auto older = older_names.find(metric); older != older_names.end())
    metric = older->second;
  if (metric.empty())
    return;
  if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end())
    return in.mistake(key, "there is no metric " + quote(metric) + suggestion(metric, metrics));
  to.what = measure_of(metric);
  bool whole_table = to.what == measure::row_count;
  if (whole_table && !to.column.empty())
    in.mistake(key, "rowCount measures the table; move the rule to the \"quality\" of the table");
  if (!whole_table && to.column.empty())
    in.mistake(key, metric
                        + " measures one column; move the rule to the \"quality\" of that "
                          "column, or write it as type: sql");
  if (to.what == measure::invalid_values)
    read_valid_values(in, to, out);
  if (to.name.empty())
    to.name = to.column.empty() ? metric : metric + " of " + to.column;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto i = text.find(from); i != std::string::npos; i = text.find(from, i + to.size()))
    text.replace(i, from.size(), to);
}

void read_sql_rule(const map_reader& in, quality_rule& to) {
  to.what = measure::sql;
  to.query = in.required_text("query");
  // ODCS v3.1 renamed both variables.
  replace_all(to.query, "${object}", "${table}");
  replace_all(to.query, "${property}", "${column}");
  if (to.column.empty() && to.query.find("${column}") != std::string::npos)
    in.mistake("query", "${column} stands for nothing in a rule of the whole table; name the "
                        "column");
  if (to.name.empty())
    to.name = to.column.empty() ? "sql" : "sql of " + to.column;
}

void check_bounds(const map_reader& in, quality_rule& to) {
  bool counts_faults = to.what == measure::null_values || to.what == measure::duplicate_values
                       || to.what == measure::invalid_values;
  if (has_bounds(to.must_be))
    return;
  if (counts_faults)
    to.must_be.equal = 0;
  else if (in.is_map())
    in.out().add(in.at(), "the rule " + quote(to.name)
                              + " needs a bound, such as mustBe, "
                                "mustBeGreaterThan or mustBeBetween");
}

void read_rule(const yaml::node& from, const std::string& column, yaml::report& out,
               std::vector<quality_rule>& to) {
  map_reader in{from,
                out,
                "the quality rule",
                {"id",
                 "type",
                 "name",
                 "description",
                 "rule",
                 "metric",
                 "arguments",
                 "validValues",
                 "query",
                 "mustBe",
                 "mustNotBe",
                 "mustBeGreaterThan",
                 "mustBeGreaterOrEqualTo",
                 "mustBeLessThan",
                 "mustBeLessOrEqualTo",
                 "mustBeBetween",
                 "mustNotBeBetween",
                 "unit",
                 "severity",
                 "dimension",
                 "method",
                 "businessImpact",
                 "schedule",
                 "scheduler",
                 "tags",
                 "customProperties",
                 "authoritativeDefinitions",
                 "engine",
                 "implementation"}};
  auto type = in.choice("type", {"library", "sql", "text", "custom"}, "library");
  if (type == "text")
    return;
  if (type == "custom")
    return in.mistake("type", "rules of type custom need an engine that Skein does not have; write "
                              "it as type: sql, or as type: text to keep it as documentation");
  quality_rule rule;
  rule.column = column;
  rule.name = in.text("name");
  if (type == "sql")
    read_sql_rule(in, rule);
  else
    read_library_rule(in, rule, out);
  rule.percent = in.choice("unit", {"rows", "percent"}, "rows") == "percent";
  if (rule.percent && rule.what == measure::row_count)
    in.mistake("unit", "the number of rows is not a share of the rows; take \"unit\" out");
  rule.blocking = in.choice("severity", {"error", "warning", "info"}, "error") == "error";
  rule.must_be = read_bounds(in);
  check_bounds(in, rule);
  to.push_back(std::move(rule));
}

} // namespace

std::vector<quality_rule> read_quality(const yaml::node& rules, const std::string& column,
                                       yaml::report& out) {
  std::vector<quality_rule> result;
  if (rules.what != yaml::node::kind::list)
    out.add(rules.at, std::string{"\"quality\" must be a list of rules, not "} + kind_name(rules));
  for (const auto& item : rules.items)
    read_rule(item, column, out, result);
  return result;
}

} // namespace skein::config
