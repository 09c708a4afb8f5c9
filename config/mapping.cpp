#include "config/mapping.hpp"

#include "config/documents.hpp"
#include "config/spelling.hpp"
#include "config/yaml_reader.hpp"

#include <map>

namespace skein::config {

namespace {

using yaml::map_reader;

struct rule_key {
  const char* name;
  rule_kind kind;
};

constexpr rule_key rule_keys[] = {{"rename", rule_kind::rename},
                                  {"cast", rule_kind::cast},
                                  {"expression", rule_kind::expression},
                                  {"default", rule_kind::constant},
                                  {"decide", rule_kind::decide}};

/// The one key that says what kind of rule it is; null (and a mistake) for none or several.
const rule_key* kind_of(const map_reader& in) {
  const rule_key* found = nullptr;
  for (const auto& x : rule_keys) {
    if (!in.has(x.name))
      continue;
    if (found) {
      in.mistake(x.name, std::string{"a rule is either a \""} + found->name + "\" or a \"" + x.name
                             + "\", not both; split it or take one out");
      return nullptr;
    }
    found = &x;
  }
  if (!found && in.is_map())
    in.out().add(in.at(), "the rule must say how the column comes about: with rename, cast, "
                          "expression, default or decide");
  return found;
}

void refuse_elsewhere(const map_reader& in, const char* key, bool wanted, const char* where) {
  if (in.has(key) && !wanted)
    in.mistake(key, std::string{"\""} + key + "\" is only for rules with " + where);
}

void read_on_error(const map_reader& in, column_rule& to, const yaml::node& from) {
  const auto* x = from.find("on_error");
  if (!x)
    return;
  to.null_on_error = x->value.what == yaml::node::kind::null || x->value.text == "null";
  if (!to.null_on_error && x->value.text != "fail")
    in.mistake("on_error", "\"on_error\" must be null (and the value is counted) or fail");
}

void read_value(const map_reader& in, const rule_key& key, column_rule& to) {
  if (key.kind == rule_kind::constant && !in.find("default"))
    return in.mistake("default", "a default needs a value; for a column of nulls write "
                                 "expression: \"NULL\" with reads: []");
  auto value = key.kind == rule_kind::constant ? in.text(key.name) : in.required_text(key.name);
  switch (key.kind) {
    case rule_kind::rename:
    case rule_kind::cast: to.reads = {value}; break;
    case rule_kind::decide: to.question = value; break;
    case rule_kind::keep:
    case rule_kind::expression:
    case rule_kind::constant: to.expression = value; break;
  }
}

column_rule read_rule(const map_reader& in, const yaml::node& from, yaml::report& out) {
  column_rule rule;
  rule.origin = out.at(from.at);
  rule.column = in.required_text("column");
  const auto* key = kind_of(in);
  if (!key)
    return rule;
  rule.kind = key->kind;
  read_value(in, *key, rule);
  bool computes = rule.kind == rule_kind::expression;
  if (computes || rule.kind == rule_kind::decide)
    rule.reads = in.texts("reads");
  if (computes && !in.has("reads"))
    in.out().add(in.at(), "the expression needs \"reads\": the list of old columns in it ([] for "
                          "none)");
  rule.format = in.text("format");
  read_on_error(in, rule, from);
  refuse_elsewhere(in, "reads", computes || rule.kind == rule_kind::decide, "expression or decide");
  refuse_elsewhere(in, "format", rule.kind == rule_kind::cast, "cast");
  refuse_elsewhere(in, "on_error", rule.kind == rule_kind::cast, "cast");
  return rule;
}

/// Names seen so far, with the place of the first of each.
class once {
public:
  once(std::string what, yaml::report& out) : what_{std::move(what)}, out_{out} {}

  void check(const std::string& name, yaml::place at) {
    auto [first, is_new] = seen_.emplace(name, at);
    if (!is_new && !name.empty())
      out_.add(at, what_ + " " + quote(name) + " is there already, at " + out_.at(first->second)
                       + "; take one of them out");
  }

private:
  std::string what_;
  yaml::report& out_;
  std::map<std::string, yaml::place> seen_;
};

void read_rules(const map_reader& in, mapping& to, yaml::report& out) {
  once columns{"a rule for the column", out};
  once drops{"a drop of the column", out};
  for (const auto& item : in.list("rules")) {
    if (item.find("drop")) {
      map_reader drop{item, out, "the rule", {"drop"}};
      for (auto& name : drop.texts("drop")) {
        drops.check(name, item.at);
        to.dropped.push_back(std::move(name));
      }
      continue;
    }
    map_reader rule{item,
                    out,
                    "the rule",
                    {"column", "rename", "cast", "expression", "default", "decide", "drop", "reads",
                     "format", "on_error"}};
    to.rules.push_back(read_rule(rule, item, out));
    columns.check(to.rules.back().column, rule.at("column"));
  }
}

} // namespace

mapping read_mapping(const yaml::node& document, yaml::report& out) {
  map_reader outer{document, out, "the document", {"mapping"}};
  mapping result;
  result.origin = out.at(document.at);
  const auto* from = outer.map("mapping");
  if (!from) {
    if (outer.is_map() && !outer.find("mapping"))
      outer.mistake("mapping", "the document needs a map of fields under \"mapping\"");
    return result;
  }
  map_reader in{*from, out, "the mapping", {"dataset", "from", "to", "rules"}};
  result.dataset = in.required_text("dataset");
  result.from = in.required_text("from");
  result.to = in.required_text("to");
  for (const char* key : {"dataset", "from", "to"})
    if (auto x = in.text(key); !x.empty() && !is_name(x))
      in.mistake(key, quote(x)
                          + " cannot be a name or version of a dataset; use letters, digits, "
                            "-, _ and . only, at most 63");
  if (!result.from.empty() && result.from == result.to)
    in.mistake("to", "the mapping leads from " + quote(result.from) + " to the same version");
  read_rules(in, result, out);
  return result;
}

expected<mapping> parse_mapping(std::string_view text, const std::string& origin) {
  return read_only_document<mapping>(text, origin, read_mapping).map_error(joined);
}

} // namespace skein::config
