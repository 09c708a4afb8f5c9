#include "tools/skein/command.hpp"
#include "tools/skein/confirm.hpp"
#include "tools/skein/order_options.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include "actors/api/token_file.hpp"
#include "config/workspace.hpp"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct token_options {
  std::string name;
  std::string role;
  bool is_dry = false, yes = false;
};

outcome<std::vector<actors::token_entry>> tokens_in(const std::filesystem::path& file) {
  auto found = actors::read_tokens(file);
  if (!found)
    return give_up(exit_code::refused, found.error().what);
  return *std::move(found);
}

/// By name or id, as revoke_token() finds it.
outcome<actors::token_entry> find_token(const std::filesystem::path& file,
                                        const std::string& which) {
  const auto all = tokens_in(file);
  if (!all)
    return tl::unexpected{all.error()};
  for (const auto& each : *all)
    if (each.name == which || each.id() == which)
      return each;
  return give_up(exit_code::not_found, "there is no token '" + which + "' in " + file.string()
                                           + "; see skein token list");
}

outcome<std::filesystem::path> token_file(const session& with) {
  const auto space = local_settings(with);
  if (!space)
    return tl::unexpected{space.error()};
  return space->http.tokens;
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
  if (want.is_dry) {
    if (find_token(*file, want.name))
      return give_up(exit_code::refused, "there is a token '" + want.name + "' already");
    print_line("it would make a token for " + want.name + " (" + want.role + ") in "
               + file->string());
    return {};
  }
  const auto role = actors::role_of(want.role);
  const auto made = actors::create_token(*file, want.name, role.value(), now());
  if (!made)
    return give_up(exit_code::refused, made.error().what);
  have_users_read(with); // the first token closes the bus as well
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
  const auto tokens = tokens_in(*file);
  if (!tokens)
    return tl::unexpected{tokens.error()};
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
  print_table(with, rows, "no tokens; skein token create makes one");
  return {};
}

outcome<void> revoke(const session& with, const token_options& want) {
  const auto file = token_file(with);
  if (!file)
    return tl::unexpected{file.error()};
  const auto meant = find_token(*file, want.name);
  if (!meant)
    return tl::unexpected{meant.error()};
  const auto concerns = meant->name + " (" + std::string{actors::to_string(meant->may)} + ", "
                        + meant->id() + ") would be refused from then on";
  if (want.is_dry) {
    print_line(with.json ? entry_json(*meant).dump() : concerns);
    return {};
  }
  if (auto agreed = confirm(want.yes, [&] { return outcome<std::string>{concerns}; }); !agreed)
    return agreed;
  const auto gone = actors::revoke_token(*file, want.name);
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
  add_change_flags(to, want->is_dry, want->yes);
  return [want](const session& with) { return create(with, *want); };
}

action add_list(CLI::App&) { return list; }

action add_revoke(CLI::App& to) {
  auto want = std::make_shared<token_options>();
  to.add_option("token", want->name, "Its name, or its id as the list shows it")->required();
  add_change_flags(to, want->is_dry, want->yes);
  return [want](const session& with) { return revoke(with, *want); };
}

constexpr command commands[]{
    {"create", "Makes a token and prints it, once", add_create},
    {"list", "The tokens there are, by name", add_list, prints::table},
    {"revoke", "Takes a token out; a running daemon refuses it at once", add_revoke},
};

} // namespace

action add_token(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
