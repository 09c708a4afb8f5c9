#include "config/checked.hpp"
#include "config/contract.hpp"
#include "config/mapping.hpp"
#include "config/spelling.hpp"

#include <algorithm>
#include <set>

namespace skein::config {

namespace {

std::vector<std::string> names_of(const contract& x) {
  std::vector<std::string> names;
  for (const auto& column : x.columns)
    names.push_back(column.name);
  return names;
}

std::string version_of(const contract& x) { return x.dataset + " " + x.version; }

/// One mapping held against both of its contracts.
class completion {
public:
  completion(mapping& written, const contract& before, const contract& after)
      : written_{written}, before_{before}, after_{after} {}

  std::vector<failure> run() {
    check_versions();
    for (auto& rule : written_.rules)
      check_rule(rule);
    for (const auto& name : written_.dropped)
      require_old(name, written_.origin);
    add_keeps();
    check_old_columns();
    return std::move(found_);
  }

private:
  void add(const std::string& origin, const std::string& sentence) {
    found_.push_back({(origin.empty() ? "" : origin + ": ") + sentence});
  }

  void check_versions() {
    auto says = written_.dataset + " " + written_.from + ".." + written_.to;
    auto is = before_.dataset + " " + before_.version + ".." + after_.version;
    if (says != is || before_.dataset != after_.dataset)
      add(written_.origin, "the mapping is for " + says + ", but the contracts are "
                               + version_of(before_) + " and " + version_of(after_));
  }

  bool require_old(const std::string& name, const std::string& origin) {
    if (before_.find(name))
      return true;
    add(origin, version_of(before_) + " has no column " + quote(name)
                    + suggestion(name, names_of(before_)));
    return false;
  }

  void check_rule(column_rule& rule) {
    const auto* target = after_.find(rule.column);
    if (!target)
      return add(rule.origin, version_of(after_) + " has no column " + quote(rule.column)
                                  + suggestion(rule.column, names_of(after_)));
    if (rule.kind == rule_kind::decide && rule.reads.empty() && before_.find(rule.column))
      rule.reads = {rule.column};
    bool all_there = true;
    for (const auto& name : rule.reads)
      all_there = require_old(name, rule.origin) && all_there;
    if (rule.null_on_error && target->required)
      add(rule.origin, "the column " + quote(rule.column) + " is required in " + version_of(after_)
                           + ", so \"on_error: null\" cannot stand; take it out or make the column "
                             "optional");
    if (all_there && rule.kind == rule_kind::rename)
      check_same_type(*before_.find(rule.reads.at(0)), *target, rule.origin);
  }

  void check_same_type(const column& old, const column& fresh, const std::string& origin) {
    if (!is_same_type(old.type, fresh.type))
      add(origin, "the column " + quote(fresh.name) + " is " + fresh.type + " in "
                      + version_of(after_) + ", but " + quote(old.name) + " is " + old.type + " in "
                      + version_of(before_) + "; write {column: " + fresh.name
                      + ", cast: " + old.name + "}");
  }

  void add_keeps() {
    std::vector<column_rule> ordered;
    for (const auto& fresh : after_.columns) {
      auto has_name = [&](const column_rule& x) { return x.column == fresh.name; };
      auto rule = std::find_if(written_.rules.begin(), written_.rules.end(), has_name);
      if (rule != written_.rules.end())
        ordered.push_back(*rule);
      else if (is_dropped(fresh.name) && before_.find(fresh.name))
        add(written_.origin, "the column " + quote(fresh.name) + " is dropped, but "
                                 + version_of(after_) + " still has it; write a rule for it");
      else
        ordered.push_back(keep(fresh));
    }
    written_.rules = std::move(ordered);
  }

  column_rule keep(const column& fresh) {
    column_rule rule;
    rule.column = fresh.name;
    rule.reads = {fresh.name};
    if (const auto* old = before_.find(fresh.name))
      check_same_type(*old, fresh, written_.origin);
    else
      add(written_.origin, "no rule says where the column " + quote(fresh.name) + " of "
                               + version_of(after_) + " comes from" + rename_hint(fresh.name));
    return rule;
  }

  std::string rename_hint(const std::string& name) const {
    auto near = std::string{nearest(name, names_of(before_))};
    return near.empty() ? "; add one"
                        : "; add one, perhaps {column: " + name + ", rename: " + near + "}";
  }

  void check_old_columns() {
    for (const auto& old : before_.columns) {
      bool dropped = is_dropped(old.name);
      const auto* carrier = carrier_of(old.name);
      if (dropped && carrier)
        add(carrier->origin.empty() ? written_.origin : carrier->origin,
            "the column " + quote(old.name) + " is dropped, and carried over as "
                + quote(carrier->column) + "; take one of the two rules out");
      else if (!dropped && !carrier && !is_read(old.name))
        add(written_.origin, "the column " + quote(old.name) + " of " + version_of(before_)
                                 + " is neither carried over nor dropped; write {drop: [" + old.name
                                 + "]} if it goes away");
    }
  }

  bool is_dropped(const std::string& name) const {
    return std::find(written_.dropped.begin(), written_.dropped.end(), name)
           != written_.dropped.end();
  }

  bool is_read(const std::string& name) const {
    return std::any_of(written_.rules.begin(), written_.rules.end(), [&](const auto& rule) {
      return std::find(rule.reads.begin(), rule.reads.end(), name) != rule.reads.end();
    });
  }

  /// The rule that brings the old column over whole. An expression may read a dropped column.
  const column_rule* carrier_of(const std::string& name) const {
    for (const auto& rule : written_.rules) {
      bool whole = rule.kind == rule_kind::keep || rule.kind == rule_kind::rename
                   || rule.kind == rule_kind::cast;
      if (whole && rule.reads.at(0) == name)
        return &rule;
    }
    return nullptr;
  }

  mapping& written_;
  const contract& before_;
  const contract& after_;
  std::vector<failure> found_;
};

} // namespace

expected<mapping> complete(mapping written, const contract& before, const contract& after) {
  auto mistakes = completion{written, before, after}.run();
  if (!mistakes.empty())
    return tl::unexpected{joined(mistakes)};
  return written;
}

} // namespace skein::config
