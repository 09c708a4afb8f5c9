#include "tools/skein/command.hpp"
#include "tools/skein/confirm.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/rehearsal_text.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/table.hpp"
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

table table_of(const json& now) {
  table rows{{{"KIND"}, {"NAME"}, {"VALUE"}}};
  rows.add({{"halted"}, {"fleet"}, {now.value("halted", false) ? "true" : "false"}});
  if (const auto until = text_of(now, "ramp_until"); !until.empty())
    rows.add({{"ramp_until"}, {"fleet"}, {until}});
  for (const auto* part : {"pools", "owners", "storages"})
    for (const auto& name : list_of(object_of(now, "paused"), part))
      rows.add({{"paused"}, {name.get<std::string>()}, {part}});
  for (const auto& [name, value] : object_of(now, "limits").items())
    rows.add({{"limit"}, {name}, {value.dump()}});
  return rows;
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
  else if (with.format == output_format::table)
    print_steering(*now);
  else
    print_table(with, table_of(*now), "");
  return {};
}

outcome<void> give(const session& with, const std::string& path, const json& body, bool is_dry) {
  const auto said = post_order(with, path, body, is_dry);
  if (!said || !is_dry)
    return print(with, said);
  print_line(with.json ? said->dump() : rehearsal_text(*said));
  return {};
}

/// How much a halt would stop.
outcome<std::string> halted_text(const session& with) {
  return ask_daemon(with, "/v1/pools").map([](const json& now) {
    uint64_t running = 0;
    for (const auto& pool : list_of(now, "pools"))
      running += static_cast<uint64_t>(number_of(pool, "running"));
    return "halt: nothing more is admitted or leased until skein go, and "
           + counted(running, "attempt that runs is", "attempts that run are") + " stopped";
  });
}

outcome<void> show(const session& with) { return print(with, ask_daemon(with, "/v1/steering")); }

outcome<void> show_limits(const session& with) {
  const auto now = ask_daemon(with, "/v1/limits");
  if (!now)
    return tl::unexpected{now.error()};
  if (with.json) {
    print_line(now->dump());
    return {};
  }
  table rows{{{"LIMIT"}, {"VALUE", table::align::right}, {"SET BY"}}};
  const auto line = [&](const std::string& name, const json& value) {
    const auto changed = (*now)["changed"].contains(name);
    rows.add({{name, style::bold},
              {value == 0 ? "none" : value.dump(), style::plain, value.dump()},
              {changed ? "an operator" : "skein.yaml"}});
  };
  for (const auto* name : {"running", "per_owner", "per_storage", "intake"})
    line(name, (*now)[name]);
  for (const auto& [agent, value] : (*now)["per_agent"].items())
    line("agent:" + agent, value);
  print_table(with, rows, "");
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
  return [want](const session& with) -> outcome<void> {
    if (!want->is_dry) {
      // Without a daemon there is nothing to agree to.
      if (auto running = require_daemon(with); !running)
        return tl::unexpected{running.error()};
      if (auto agreed = confirm(want->yes, [&] { return halted_text(with); }); !agreed)
        return agreed;
    }
    return give(with, "/v1/halt", body_of(*want), want->is_dry);
  };
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
    return give(with, "/v1/go", body, want->who.is_dry);
  };
}

action add_steering(CLI::App&) { return show; }

action add_limit(CLI::App& to) {
  auto want = std::make_shared<limit_options>();
  to.add_option("name", want->name, "running, per_owner, per_storage, intake or agent:NAME")
      ->type_name("LIMIT");
  to.add_option("value", want->value, "A number, 0 for none, or 'default' for the workspace's");
  add_order_options(to, want->who);
  return [want](const session& with) -> outcome<void> {
    if (want->name.empty())
      return show_limits(with);
    if (with.watch)
      return give_up(exit_code::usage, "a change is made once: leave out --watch");
    auto body = body_of(want->who);
    body["name"] = want->name;
    body["value"] = json::parse(want->value == "default" ? "null" : want->value, nullptr, false);
    if (body["value"].is_discarded() || want->who.reason.empty())
      return give_up(exit_code::usage,
                     "a change of a limit needs a number or 'default', and a --reason");
    return give(with, "/v1/limits", body, want->who.is_dry);
  };
}

outcome<void> steer_scope(const session& with, const std::string& order, const std::string& scope,
                          const std::string& name, const order_options& who) {
  auto body = body_of(who);
  body["scope"] = scope;
  body["name"] = name;
  return give(with, "/v1/" + order, body, who.is_dry);
}

} // namespace skein::console
