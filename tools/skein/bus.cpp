#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/workspace_state.hpp"

#include "actors/coordinator_wiring.hpp"
#include "config/workspace.hpp"
#include "tools/bus_users.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct user_options {
  std::string name;
  std::string role;
};

outcome<config::workspace> workspace_of(const session& with) {
  auto loaded = config::load_workspace(with.workspace);
  if (!loaded)
    return give_up(exit_code::refused, config::joined(loaded.error()).what);
  return std::move(*loaded);
}

/// Only the embedded server has its users from us.
outcome<config::workspace> embedded_of(const session& with) {
  auto space = workspace_of(with);
  if (space && !space->nats.is_embedded())
    return give_up(exit_code::refused,
                   "the bus of this workspace is " + space->nats.url
                       + ", whose users are in its own configuration; skein bus config prints what "
                         "to add there");
  return space;
}

/// A running daemon reads the list again; one that starts later reads it anyway.
void tell_daemon(const config::workspace& space) {
  if (const auto running = find_daemon(space.state))
    kill(running->pid, SIGHUP);
}

outcome<void> add(const session& with, const user_options& want) {
  const auto space = embedded_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  const auto role = cluster::bus_role_of(want.role);
  const auto password = tools::add_bus_user(space->state, want.name, role.value());
  if (!password)
    return give_up(exit_code::refused, password.error().what);
  tell_daemon(*space);
  if (with.json) {
    print_line(json{{"name", want.name}, {"role", want.role}, {"password", *password}}.dump());
    return {};
  }
  print_line(*password);
  std::fprintf(stderr, "skein: this is shown once; only its hash is kept, in %s\n",
               tools::bus_users_file(space->state).c_str());
  return {};
}

outcome<void> list(const session& with) {
  const auto space = embedded_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  const auto users = tools::read_bus_users(space->state);
  if (!users)
    return give_up(exit_code::refused, users.error().what);
  if (with.json) {
    auto rows = json::array();
    for (const auto& x : *users)
      rows.push_back({{"name", x.name},
                      {"role", cluster::to_string(x.role)},
                      {"created", x.created},
                      {"own", x.is_own}});
    print_line(json{{"users", rows}}.dump());
    return {};
  }
  table rows{{{"NAME"}, {"ROLE"}, {"CREATED"}, {"WHOSE"}}};
  for (const auto& x : *users)
    rows.add({{x.name},
              {std::string{cluster::to_string(x.role)}},
              {x.created},
              {x.is_own ? "Skein's own" : "added"}});
  if (rows.empty())
    print_line("no users yet; the daemon makes those of its roles when it starts");
  else
    print(rows.str(with.out));
  return {};
}

outcome<void> remove(const session& with, const std::string& name) {
  const auto space = embedded_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  if (const auto gone = tools::remove_bus_user(space->state, name); !gone)
    return give_up(exit_code::not_found, gone.error().what);
  tell_daemon(*space);
  print_line(with.json ? json{{"name", name}}.dump()
                       : "removed " + name + "; the bus puts it out at once");
  return {};
}

/// One user a role, with passwords that the server takes from its environment.
outcome<void> show_config(const session& with) {
  const auto space = workspace_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  std::vector<cluster::nats_user> users;
  for (const auto role : cluster::all_bus_roles()) {
    const std::string name{cluster::to_string(role)};
    auto variable = "$SKEIN_" + name + "_PASSWORD";
    for (auto& c : variable)
      c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    users.push_back({name, variable, role});
  }
  print(cluster::authorization_text({users, false, actors::action_subjects(*space)}));
  return {};
}

action add_user_add(CLI::App& to) {
  auto want = std::make_shared<user_options>();
  std::vector<std::string> roles;
  for (const auto role : cluster::all_bus_roles())
    roles.emplace_back(cluster::to_string(role));
  to.add_option("name", want->name, "Whose it is")->required();
  to.add_option("--role", want->role, "What it may do (docs/bus.md)")
      ->required()
      ->check(CLI::IsMember(roles));
  return [want](const session& with) { return add(with, *want); };
}

action add_user_list(CLI::App&) { return list; }

action add_user_remove(CLI::App& to) {
  auto name = std::make_shared<std::string>();
  to.add_option("name", *name, "Its name, as the list shows it")->required();
  return [name](const session& with) { return remove(with, *name); };
}

constexpr command user_commands[]{
    {"add", "Lets somebody in and prints the password, once", add_user_add},
    {"list", "The users there are", add_user_list},
    {"remove", "Puts a user out, at once", add_user_remove},
};

action add_user(CLI::App& to) { return add_commands(to, user_commands); }

action add_config(CLI::App&) { return show_config; }

constexpr command commands[]{
    {"user", "Who may connect to the embedded server: add, list, remove", add_user},
    {"config", "What a nats-server of yours has to know of Skein's roles", add_config},
};

} // namespace

action add_bus(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
