#include "tools/skein/command.hpp"
#include "tools/skein/context_file.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

/// The clusters by name. They are this user's, not a workspace's.
namespace skein::console {

namespace {

using nlohmann::json;

struct context_options {
  std::string name;
  config::context what;
  bool is_dry = false;
};

json as_json(const std::string& name, const config::context& x, bool is_current) {
  json result{{"name", name}, {"current", is_current}};
  for (const auto& [key, member] : config::context_fields)
    if (const auto& value = x.*member; !value.empty())
      result[key] = value;
  return result;
}

std::string token_words(const config::context& x) {
  if (!x.token_file.empty())
    return "file " + x.token_file;
  return x.token_env.empty() ? "" : "$" + x.token_env;
}

outcome<void> list(const session& with) {
  const auto known = load_contexts();
  if (!known)
    return tl::unexpected{known.error()};
  auto entries = json::array();
  constexpr auto left = table::align::left;
  constexpr auto wide = table::shown::wide;
  table rows{{{"CURRENT"},
              {"NAME"},
              {"WHERE"},
              {"TOKEN"},
              {"NATS", left, wide},
              {"CA", left, wide},
              {"CERTIFICATE", left, wide}}};
  for (const auto& [name, x] : known->all) {
    const bool is_current = name == known->current;
    entries.push_back(as_json(name, x, is_current));
    rows.add({{is_current ? "*" : "", style::good, is_current ? "true" : "false"},
              {name, style::bold},
              {x.workspace.empty() ? x.url : x.workspace},
              {token_words(x)},
              {x.nats},
              {x.ca},
              {x.certificate}});
  }
  if (with.json)
    print_line(json{{"contexts", entries}}.dump());
  else
    print_table(with, rows, "no contexts; skein context add makes one");
  return {};
}

tl::unexpected<trouble> no_context(const std::string& name) {
  return give_up(exit_code::not_found,
                 "there is no context '" + name + "'; skein context list shows those there are");
}

/// Carries a change out, or only says it.
outcome<void> change(const session& with, const context_options& want, const std::string& would,
                     const config::contexts& to) {
  if (!want.is_dry)
    if (auto saved = save_contexts(to); !saved)
      return saved;
  if (with.json)
    print_line(json{{"dry_run", want.is_dry}, {"name", want.name}, {"current", to.current}}.dump());
  else
    print_line(one_line((want.is_dry ? "it would: " : "done: ") + would));
  return {};
}

outcome<void> add(const session& with, const context_options& want) {
  auto known = load_contexts();
  if (!known)
    return tl::unexpected{known.error()};
  auto& entry = known->all[want.name];
  const auto set = [](std::string& to, const std::string& from) {
    if (!from.empty())
      to = from;
  };
  for (const auto& [key, member] : config::context_fields)
    set(entry.*member, want.what.*member);
  // One is found from any folder.
  for (const auto member :
       {&config::context::token_file, &config::context::ca, &config::context::certificate,
        &config::context::key, &config::context::workspace})
    if (auto& path = entry.*member; !path.empty())
      path = std::filesystem::absolute(path).lexically_normal().string();
  if (auto fits = config::check_context(entry); !fits)
    return give_up(exit_code::usage, fits.error().what);
  if (known->current.empty())
    known->current = want.name;
  return change(with, want,
                "note context " + want.name
                    + (known->current == want.name ? ", the current one" : ""),
                *known);
}

outcome<void> use(const session& with, const context_options& want) {
  auto known = load_contexts();
  if (!known)
    return tl::unexpected{known.error()};
  if (!known->all.contains(want.name))
    return no_context(want.name);
  known->current = want.name;
  return change(with, want, "work on " + want.name + " where nothing else is said", *known);
}

outcome<void> show(const session&, const context_options& want) {
  const auto known = load_contexts();
  if (!known)
    return tl::unexpected{known.error()};
  const auto name = want.name.empty() ? known->current : want.name;
  if (name.empty())
    return give_up(exit_code::not_found, "there is no current context; skein context use sets one");
  const auto found = known->all.find(name);
  if (found == known->all.end())
    return no_context(name);
  print_line(as_json(name, found->second, name == known->current).dump(2));
  return {};
}

outcome<void> remove(const session& with, const context_options& want) {
  auto known = load_contexts();
  if (!known)
    return tl::unexpected{known.error()};
  if (known->all.erase(want.name) == 0)
    return no_context(want.name);
  if (known->current == want.name)
    known->current.clear();
  return change(with, want, "forget context " + want.name, *known);
}

using worker = outcome<void> (*)(const session&, const context_options&);

std::shared_ptr<context_options> named(CLI::App& to, bool is_needed) {
  auto want = std::make_shared<context_options>();
  to.add_option("name", want->name, "The context's name")
      ->type_name("CONTEXT")
      ->required(is_needed);
  return want;
}

template <worker Work>
action add_change(CLI::App& to) {
  auto want = named(to, true);
  to.add_flag("--dry-run", want->is_dry, "Only say what it would do");
  return [want](const session& with) { return Work(with, *want); };
}

action add_add(CLI::App& to) {
  auto want = named(to, true);
  auto& x = want->what;
  to.add_option("--url", x.url, "Of the daemon's HTTP interface")->type_name("URL");
  to.add_option("--token-file", x.token_file, "Whose first line is the token")->type_name("FILE");
  to.add_option("--token-env", x.token_env, "The environment variable that holds it")
      ->type_name("NAME");
  to.add_option("--ca", x.ca, "Whom to trust, as PEM")->type_name("FILE");
  to.add_option("--certificate", x.certificate, "What to show of ourselves, as PEM")
      ->type_name("FILE");
  to.add_option("--key", x.key, "The key of that certificate")->type_name("FILE");
  to.add_option("--nats", x.nats, "Of the bus, for skein watch")->type_name("URL");
  to.add_option("--folder", x.workspace, "A workspace on this machine, instead of all these")
      ->type_name("FOLDER");
  to.add_flag("--dry-run", want->is_dry, "Only say what it would do");
  return [want](const session& with) { return add(with, *want); };
}

action add_show(CLI::App& to) {
  auto want = named(to, false);
  return [want](const session& with) { return show(with, *want); };
}

constexpr command commands[]{
    {"list", "The contexts there are", [](CLI::App&) -> action { return list; }, prints::table},
    {"add", "Names a cluster, or changes what is noted of one", add_add},
    {"use", "Makes one the current one", add_change<use>},
    {"show", "What is noted of one, or of the current one", add_show},
    {"remove", "Forgets one", add_change<remove>},
};

} // namespace

action add_context(CLI::App& to) { return add_commands(to, commands); }

} // namespace skein::console
