#include "tools/skein/command.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/words.hpp"

#include "config/workspace.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

/// How the fleet as a whole is steered: halt, go, pause and resume of a part, limits.
namespace skein::console {

namespace {

using nlohmann::json;

std::string listed(const json& names) {
  std::string text;
  for (const auto& each : names)
    text += (text.empty() ? "" : ", ") + one_line(each.get<std::string>());
  return text;
}

void print_steering(const json& now) {
  if (now.value("halted", false))
    print_line("the fleet is halted; skein go lets it go on");
  else if (!now["ramp_until"].is_null())
    print_line("the fleet goes on, with more at once until " + text_of(now, "ramp_until"));
  else
    print_line("the fleet is not halted");
  for (const auto* part : {"pools", "owners", "storages"})
    if (const auto& names = now["paused"][part]; !names.empty())
      print_line(std::string{"paused "} + part + ": " + listed(names));
  for (const auto& [name, value] : now["limits"].items())
    print_line("limit " + one_line(name) + ": " + value.dump() + ", changed by an operator");
}

outcome<void> print(const session& with, const outcome<json>& now) {
  if (!now)
    return tl::unexpected{now.error()};
  if (with.json)
    print_line(now->dump());
  else
    print_steering(*now);
  return {};
}

outcome<void> give(const session& with, const std::string& path, const json& body) {
  return print(with, post_order(with, path, body));
}

outcome<void> show(const session& with) { return print(with, ask(with, "/v1/steering")); }

outcome<void> show_limits(const session& with) {
  const auto now = ask(with, "/v1/limits");
  if (!now)
    return tl::unexpected{now.error()};
  if (with.json) {
    print_line(now->dump());
    return {};
  }
  const auto line = [&](const std::string& name, const json& value) {
    const auto changed = (*now)["changed"].contains(name);
    print_line(one_line(name) + ": " + (value == 0 ? "none" : value.dump())
               + (changed ? ", changed by an operator" : ""));
  };
  for (const auto* name : {"running", "per_owner", "per_storage", "intake"})
    line(name, (*now)[name]);
  for (const auto& [agent, value] : (*now)["per_agent"].items())
    line("agent:" + agent, value);
  return {};
}

struct go_options {
  order_options who;
  std::string ramp;
};

struct limit_options {
  order_options who;
  std::string name;
  std::string value;
};

} // namespace

action add_halt(CLI::App& to) {
  auto want = std::make_shared<order_options>();
  add_order_options(to, *want);
  to.get_option("--reason")->required();
  return [want](const session& with) { return give(with, "/v1/halt", body_of(*want)); };
}

action add_go(CLI::App& to) {
  auto want = std::make_shared<go_options>();
  to.add_option("--ramp", want->ramp, "Time, such as 10m, over which ever more runs at once");
  add_order_options(to, want->who);
  to.get_option("--reason")->required();
  return [want](const session& with) -> outcome<void> {
    auto body = body_of(want->who);
    if (!want->ramp.empty()) {
      const auto ramp = config::parse_duration(want->ramp);
      if (!ramp)
        return give_up(exit_code::usage, "--ramp: " + ramp.error().what);
      body["ramp_seconds"] = ramp->count();
    }
    return give(with, "/v1/go", body);
  };
}

action add_steering(CLI::App&) { return show; }

action add_limit(CLI::App& to) {
  auto want = std::make_shared<limit_options>();
  to.add_option("name", want->name, "running, per_owner, per_storage, intake or agent:NAME");
  to.add_option("value", want->value, "A number, 0 for none, or 'default' for the workspace's");
  add_order_options(to, want->who);
  return [want](const session& with) -> outcome<void> {
    if (want->name.empty())
      return show_limits(with);
    auto body = body_of(want->who);
    body["name"] = want->name;
    body["value"] = json::parse(want->value == "default" ? "null" : want->value, nullptr, false);
    if (body["value"].is_discarded() || want->who.reason.empty())
      return give_up(exit_code::usage,
                     "a change of a limit needs a number or 'default', and a --reason");
    return give(with, "/v1/limits", body);
  };
}

outcome<void> steer_scope(const session& with, const std::string& order, const std::string& scope,
                          const std::string& name, const order_options& who) {
  auto body = body_of(who);
  body["scope"] = scope;
  body["name"] = name;
  return give(with, "/v1/" + order, body);
}

} // namespace skein::console
