#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include "actors/api/token_file.hpp"
#include "config/workspace.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <csignal>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct token_options {
  std::string name;
  std::string role;
};

outcome<config::workspace> workspace_of(const session& with) {
  auto loaded = config::load_workspace(with.workspace);
  if (!loaded)
    return give_up(exit_code::refused, config::joined(loaded.error()).what);
  return std::move(*loaded);
}

outcome<std::filesystem::path> token_file(const session& with) {
  auto space = workspace_of(with);
  if (!space)
    return tl::unexpected{space.error()};
  return space->http.tokens;
}

/// The first token closes the bus as well; its HTTP interface sees the file by itself.
void tell_daemon(const session& with) {
  const auto space = workspace_of(with);
  const auto running = space ? find_daemon(space->state) : std::nullopt;
  if (running)
    kill(running->pid, SIGHUP);
}

json entry_json(const actors::token_entry& from) {
  return {{"id", from.id()},
          {"name", from.name},
          {"role", actors::to_string(from.may)},
          {"created", from.created}};
}

outcome<void> create(const session& with, const token_options& want) {
  const auto file = token_file(with);
  if (!file)
    return tl::unexpected{file.error()};
  const auto role = actors::role_of(want.role);
  const auto made = actors::create_token(*file, want.name, role.value(), now());
  if (!made)
    return give_up(exit_code::refused, made.error().what);
  tell_daemon(with);
  if (with.json) {
    auto body = entry_json(made->entry);
    body["token"] = made->text;
    print_line(body.dump());
    return {};
  }
  print_line(made->text);
  std::fprintf(stderr, "skein: this is shown once; only its hash is kept, in %s\n", file->c_str());
  return {};
}

outcome<void> list(const session& with) {
  const auto file = token_file(with);
  if (!file)
    return tl::unexpected{file.error()};
  const auto tokens = actors::read_tokens(*file);
  if (!tokens)
    return give_up(exit_code::refused, tokens.error().what);
  if (with.json) {
    json rows = json::array();
    for (const auto& x : *tokens)
      rows.push_back(entry_json(x));
    print_line(json{{"tokens", rows}}.dump());
    return {};
  }
  table rows{{{"ID"}, {"NAME"}, {"ROLE"}, {"CREATED"}}};
  for (const auto& x : *tokens)
    rows.add({{x.id()}, {x.name}, {std::string{actors::to_string(x.may)}}, {x.created}});
  if (rows.empty())
    print_line("no tokens; skein token create makes one");
  else
    print(rows.str(with.out));
  return {};
}

outcome<void> revoke(const session& with, const std::string& which) {
  const auto file = token_file(with);
  if (!file)
    return tl::unexpected{file.error()};
  const auto gone = actors::revoke_token(*file, which);
  if (!gone)
    return give_up(exit_code::not_found, gone.error().what);
  print_line(with.json
                 ? entry_json(*gone).dump()
                 : "revoked " + gone->name + " (" + gone->id() + "); it is refused from now on");
  return {};
}

action add_create(CLI::App& to) {
  auto want = std::make_shared<token_options>();
  to.add_option("name", want->name, "Whose it is; stands beside the actor of each order")
      ->required();
  to.add_option("--role", want->role, "What it is good for (docs/api.md)")
      ->required()
      ->check(CLI::IsMember({"viewer", "operator", "agent", "admin"}));
  return [want](const session& with) { return create(with, *want); };
}

action add_list(CLI::App&) { return list; }

action add_revoke(CLI::App& to) {
  auto which = std::make_shared<std::string>();
  to.add_option("token", *which, "Its name, or its id as the list shows it")->required();
  return [which](const session& with) { return revoke(with, *which); };
}

constexpr command commands[]{
    {"create", "Makes a token and prints it, once", add_create},
    {"list", "The tokens there are, by name", add_list},
    {"revoke", "Takes a token out; a running daemon refuses it at once", add_revoke},
};

} // namespace

action add_token(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
