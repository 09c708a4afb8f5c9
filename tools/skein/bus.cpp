#include "tools/skein/command.hpp"
#include "tools/skein/confirm.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"

#include "actors/coordinator_wiring.hpp"
#include "config/workspace.hpp"
#include "tools/bus_users.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct user_options {
  std::string name;
  std::string role;
  bool is_dry = false, yes = false;
};

/// Only the embedded server has its users from us.
outcome<config::workspace> embedded_of(const session& with) {
  auto space = local_settings(with);
  if (space && !space->nats.is_embedded())
    return give_up(exit_code::refused,
                   "the bus of this workspace is " + space->nats.url
                       + ", whose users are in its own configuration; skein bus config prints what "
                         "to add there");
  return space;
}

outcome<tools::bus_user> find_user(const config::workspace& space, const std::string& name) {
  const auto users = tools::read_bus_users(space.state);
  if (!users)
    return give_up(exit_code::refused, users.error().what);
  for (const auto& each : *users)
    if (each.name == name)
      return each;
  return give_up(exit_code::not_found,
                 "there is no user '" + name + "' of the bus; see skein bus user list");
}

outcome<void> add(const session& with, const user_options& want) {
  const auto space = embedded_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  if (want.is_dry) {
    if (find_user(*space, want.name))
      return give_up(exit_code::refused, "there is a user '" + want.name + "' already");
    print_line("it would let " + want.name + " (" + want.role + ") in, with a new password");
    return {};
  }
  const auto role = cluster::bus_role_of(want.role);
  const auto password = tools::add_bus_user(space->state, want.name, role.value());
  if (!password)
    return give_up(exit_code::refused, password.error().what);
  have_users_read(with);
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
  print_table(with, rows, "no users yet; the daemon makes those of its roles when it starts");
  return {};
}

outcome<void> remove(const session& with, const user_options& want) {
  const auto space = embedded_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  const auto meant = find_user(*space, want.name);
  if (!meant)
    return tl::unexpected{meant.error()};
  const auto concerns = want.name + " (" + std::string{cluster::to_string(meant->role)}
                        + ") would be put out of the bus at once"
                        + (meant->is_own ? ", and get a new password when the daemon starts" : "");
  if (want.is_dry) {
    print_line(with.json ? json{{"name", want.name}}.dump() : concerns);
    return {};
  }
  if (auto agreed = confirm(want.yes, [&] { return outcome<std::string>{concerns}; }); !agreed)
    return agreed;
  if (const auto gone = tools::remove_bus_user(space->state, want.name); !gone)
    return give_up(exit_code::not_found, gone.error().what);
  have_users_read(with);
  print_line(with.json ? json{{"name", want.name}}.dump()
                       : "removed " + want.name + "; the bus puts it out at once");
  return {};
}

/// One user a role, with passwords that the server takes from its environment.
outcome<void> show_config(const session& with) {
  const auto space = local_settings(with);
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
  add_change_flags(to, want->is_dry, want->yes);
  return [want](const session& with) { return add(with, *want); };
}

action add_user_list(CLI::App&) { return list; }

action add_user_remove(CLI::App& to) {
  auto want = std::make_shared<user_options>();
  to.add_option("name", want->name, "Its name, as the list shows it")->required();
  add_change_flags(to, want->is_dry, want->yes);
  return [want](const session& with) { return remove(with, *want); };
}

constexpr command user_commands[]{
    {"add", "Lets somebody in and prints the password, once", add_user_add},
    {"list", "The users there are", add_user_list, prints::table},
    {"remove", "Puts a user out, at once", add_user_remove},
};

action add_user(CLI::App& to) { return add_commands(to, user_commands); }

action add_config(CLI::App&) { return show_config; }

constexpr command commands[]{
    {"user", "Who may connect to the embedded server: add, list, remove", add_user,
     prints::nothing},
    {"config", "What a nats-server of yours has to know of Skein's roles", add_config},
};

} // namespace

action add_bus(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
