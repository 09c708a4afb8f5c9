#include "config/agent.hpp"

#include "config/documents.hpp"
#include "config/spelling.hpp"
#include "config/workspace.hpp"
#include "config/yaml_reader.hpp"

#include <algorithm>

namespace skein::config {

namespace {

using yaml::map_reader;

void read_command(const map_reader& in, agent& to) {
  if (const auto* x = in.find("command"); x && x->what == yaml::node::kind::list) {
    to.command = in.texts("command");
    if (to.command.empty() || to.command[0].empty())
      in.mistake("command", "the command is empty; write the program and its arguments");
  } else if (x) {
    auto words = split_command(in.text("command"));
    if (words)
      to.command = *words;
    else
      in.mistake("command", words.error().what);
  }
  auto more = in.texts("args");
  if (!more.empty() && !in.find("command") && to.image.empty())
    in.mistake("args", "the agent has \"args\" but no \"command\" they could go to");
  to.command.insert(to.command.end(), more.begin(), more.end());
}

void read_variable(const yaml::field& from, agent& to, yaml::report& out) {
  if (!is_variable_name(from.key))
    return out.add(from.at, quote(from.key)
                                + " cannot be the name of an environment variable; use "
                                  "letters, digits and _");
  auto is_it = [&](const auto& x) { return x.first == from.key; };
  if (std::any_of(to.environment.begin(), to.environment.end(), is_it))
    return out.add(from.at, "the variable " + quote(from.key)
                                + " is set a second time; take one of them out");
  bool none = from.value.what == yaml::node::kind::null;
  auto value = none ? "" : text_of(from.value, out, "the variable " + quote(from.key));
  to.environment.emplace_back(from.key, value.value_or(""));
}

void read_environment(const map_reader& in, agent& to, yaml::report& out) {
  const auto* from = in.find("env");
  if (!from)
    return;
  if (from->what == yaml::node::kind::scalar)
    return in.mistake("env", "\"env\" of the agent must be a map, or a list of NAME: value");
  for (const auto& x : from->fields)
    read_variable(x, to, out);
  for (const auto& item : from->items) {
    if (item.what != yaml::node::kind::map)
      out.add(item.at, "each item of \"env\" must be NAME: value, with a space after the colon");
    for (const auto& x : item.fields)
      read_variable(x, to, out);
  }
}

void read_volume(const yaml::node& item, agent& to, yaml::report& out) {
  auto text = text_of(item, out, "each item of \"volumes\"");
  if (!text)
    return;
  volume result;
  auto rest = *text;
  if (rest.ends_with(":ro") || rest.ends_with(":rw")) {
    result.read_only = rest.ends_with(":ro");
    rest.resize(rest.size() - 3);
  }
  auto colon = rest.find(':');
  result.host = rest.substr(0, colon);
  result.target = colon == std::string::npos ? "" : rest.substr(colon + 1);
  bool sound = !result.host.empty() && result.target.starts_with("/")
               && result.target.find(':') == std::string::npos;
  if (!sound)
    return out.add(item.at, quote(*text)
                                + " is no volume; write host-path:/container-path, with "
                                  ":ro behind it to only read");
  to.volumes.push_back(std::move(result));
}

void read_schedule(const map_reader& in, agent& to) {
  for (const char* key : {"timezone", "overlap", "missed"})
    if (in.find(key) && !in.find("schedule"))
      in.mistake(key, std::string{"\""} + key + "\" means nothing without a \"schedule\"");
  if (!in.find("schedule"))
    return;
  auto when = parse_cron(in.text("schedule"));
  if (!when)
    return in.mistake("schedule", when.error().what);
  schedule result;
  result.when = *when;
  result.time_zone = in.text("timezone", "UTC");
  if (auto next = next_run(*when, result.time_zone, utc_time{}); !next)
    in.mistake("timezone", next.error().what);
  auto overlap = in.choice("overlap", {"skip", "queue", "allow"}, "skip");
  result.overlap = overlap == "queue"   ? overlap_policy::queue
                   : overlap == "allow" ? overlap_policy::allow
                                        : overlap_policy::skip;
  auto missed = in.choice("missed", {"skip", "run_once"}, "run_once");
  result.missed = missed == "skip" ? missed_policy::skip : missed_policy::run_once;
  to.schedule = std::move(result);
}

void read_limits(const map_reader& in, agent& to, yaml::report& out) {
  const auto* from = in.map("limits");
  if (!from)
    return;
  map_reader limits{*from, out, "the limits", {"cpu", "memory"}};
  to.limits.cpu = limits.duration("cpu", std::chrono::seconds{0});
  to.limits.memory_bytes = limits.size("memory", 0);
}

/// A digest names one image for good; a tag may be moved, and `latest` is.
void warn_of_moving_image(const map_reader& in, agent& to) {
  const auto& image = to.image;
  if (image.empty() || image.find('@') != std::string::npos)
    return;
  auto colon = image.rfind(':');
  bool tagged = colon != std::string::npos && image.find('/', colon) == std::string::npos;
  if (!tagged || image.ends_with(":latest"))
    to.warnings.push_back(in.out().at(in.at("image")) + ": the image " + quote(image)
                          + " is a moving tag, so two runs may differ; pin it by digest");
}

} // namespace

agent read_agent(const yaml::node& from, yaml::report& out) {
  map_reader in{from,
                out,
                "the agent",
                {"name", "image", "command", "args", "env", "volumes", "schedule", "timezone",
                 "overlap", "missed", "limits", "concurrency", "channel"}};
  agent result;
  result.origin = out.at(from.at);
  result.name = in.required_text("name");
  result.image = in.text("image");
  result.channel = in.text("channel");
  for (const char* key : {"name", "channel"})
    if (auto x = in.text(key); !x.empty() && !is_name(x))
      in.mistake(key, quote(x) + " cannot be a " + key
                          + "; use letters, digits, -, _ and . only, at most 63");
  read_command(in, result);
  if (in.is_map() && !in.find("command") && result.image.empty())
    out.add(from.at, "the agent needs a \"command\", or an \"image\" that brings its own");
  read_environment(in, result, out);
  for (const auto& item : in.list("volumes"))
    read_volume(item, result, out);
  read_schedule(in, result);
  read_limits(in, result, out);
  result.concurrency = in.whole("concurrency", 0);
  warn_of_moving_image(in, result);
  return result;
}

checked<agent> parse_agent(std::string_view text, const std::string& origin) {
  return read_only_document<agent>(text, origin, read_agent);
}

} // namespace skein::config
