#include "tools/skein/command.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>    // without these two, App has virtual functions
#include <CLI/Formatter.hpp> // that only another file defines
#include <map>
#include <memory>

namespace skein::console {

action add_commands(CLI::App& to, std::span<const command> all) {
  to.require_subcommand(1);
  auto actions = std::make_shared<std::map<const CLI::App*, action>>();
  for (const auto& x : all) {
    auto* sub = to.add_subcommand(x.name, x.summary);
    (*actions)[sub] = x.add(*sub);
  }
  return [&to, actions](const session& with) {
    return actions->at(to.get_subcommands().front())(with);
  };
}

} // namespace skein::console
