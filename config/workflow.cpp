#include "events/workflow.hpp"

#include "config/documents.hpp"
#include "config/spelling.hpp"
#include "config/units.hpp"
#include "config/workspace.hpp"
#include "config/yaml_reader.hpp"

#include <map>

namespace skein::config {

namespace {

using std::chrono::milliseconds;
using yaml::map_reader;

struct class_key {
  const char* name;
  error_class what;
};

constexpr class_key classes[] = {{"transient", error_class::transient},
                                 {"permanent", error_class::permanent},
                                 {"timeout", error_class::timeout},
                                 {"lost", error_class::lost},
                                 {"out_of_memory", error_class::out_of_memory}};

milliseconds wait_in(const map_reader& in, const char* key, milliseconds fallback) {
  if (!in.find(key))
    return fallback;
  auto parsed = parse_milliseconds(in.text(key, "0"));
  if (!parsed)
    in.mistake(key, in.name_of(key) + ": " + parsed.error().what);
  return parsed.value_or(fallback);
}

/// What is not said keeps the default of its class; a base alone raises the cap to itself.
void read_retry_rule(const map_reader& retry, const class_key& key, retry_policy& to,
                     yaml::report& out) {
  const auto* from = retry.map(key.name);
  if (!from)
    return;
  map_reader in{
      *from, out, std::string{"the retry rule for "} + key.name, {"attempts", "base", "cap"}};
  auto& rule = to.rules[index_of(key.what)];
  rule.max_attempts = in.whole("attempts", rule.max_attempts, 1);
  rule.base = wait_in(in, "base", rule.base);
  rule.cap = wait_in(in, "cap", std::max(rule.base, rule.cap));
  if (rule.cap < rule.base)
    in.mistake("cap", "the longest wait must not be shorter than \"base\", the first one");
}

retry_policy read_retry(const map_reader& step, yaml::report& out) {
  retry_policy result;
  const auto* from = step.map("retry");
  if (!from)
    return result;
  map_reader in{*from,
                out,
                "the retry policy",
                {"transient", "permanent", "timeout", "lost", "out_of_memory"}};
  for (const auto& key : classes)
    read_retry_rule(in, key, result, out);
  return result;
}

void check_name(const map_reader& in, const char* key) {
  if (auto name = in.text(key); !name.empty() && !is_name(name))
    in.mistake(key, quote(name)
                        + " cannot be a name; use letters, digits, -, _ and . only, at "
                          "most 63");
}

step read_step(const map_reader& in, yaml::report& out) {
  step result;
  result.name = in.required_text("name");
  result.agent = in.required_text("agent");
  check_name(in, "name");
  result.depends_on = in.texts("depends_on");
  result.timeout = wait_in(in, "timeout", result.timeout);
  if (result.timeout.count() == 0)
    in.mistake("timeout", "a step needs some time; give \"timeout\" a value above zero");
  result.retry = read_retry(in, out);
  return result;
}

/// Says names used twice with both places, which faults_of cannot know.
class step_names {
public:
  explicit step_names(yaml::report& out) : out_{out} {}

  void add(const std::string& name, yaml::place at) {
    auto [first, is_new] = seen_.emplace(name, at);
    unique_ = unique_ && is_new && !name.empty();
    if (!is_new && !name.empty())
      out_.add(at, "the step " + quote(name) + " is there already, at " + out_.at(first->second)
                       + "; rename one of them");
  }

  bool unique() const { return unique_; }

private:
  yaml::report& out_;
  std::map<std::string, yaml::place> seen_;
  bool unique_ = true;
};

void read_steps(const map_reader& in, placed_workflow& to, yaml::report& out) {
  step_names names{out};
  std::vector<yaml::place> places;
  for (const auto& item : in.list("steps")) {
    map_reader step_in{item, out, "the step", {"name", "agent", "depends_on", "timeout", "retry"}};
    to.value.steps.push_back(read_step(step_in, out));
    to.agents.push_back(step_in.at("agent"));
    places.push_back(item.at);
    names.add(to.value.steps.back().name, step_in.at("name"));
  }
  if (!names.unique())
    return;
  for (const auto& fault : faults_of(to.value))
    out.add(fault.where < places.size() ? places[fault.where] : in.at("steps"), fault.what);
}

} // namespace

placed_workflow read_workflow(const yaml::node& document, yaml::report& out) {
  map_reader outer{document, out, "the document", {"workflow"}};
  placed_workflow result;
  result.at = document.at;
  const auto* from = outer.map("workflow");
  if (!from) {
    if (outer.is_map() && !outer.find("workflow"))
      outer.mistake("workflow", "the document needs a map of fields under \"workflow\"");
    return result;
  }
  map_reader in{*from, out, "the workflow", {"name", "steps"}};
  result.at = in.at("name");
  result.value.name = in.required_text("name");
  check_name(in, "name");
  read_steps(in, result, out);
  return result;
}

checked<workflow> parse_workflow(std::string_view text, const std::string& origin) {
  return read_only_document<placed_workflow>(text, origin, read_workflow)
      .map([](placed_workflow&& x) { return std::move(x.value); });
}

} // namespace skein::config
