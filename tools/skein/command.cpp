#include "tools/skein/command.hpp"

#include "tools/skein/watch_page.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>    // without these two, App has virtual functions
#include <CLI/Formatter.hpp> // that only another file defines
#include <map>
#include <memory>

namespace skein::console {

namespace {

struct entry {
  prints what;
  action work;
};

outcome<void> carry_out(const std::string& name, const entry& x, const session& with) {
  if (x.what == prints::nothing)
    return x.work(with);
  const bool wants_table
      = with.format == output_format::wide || with.format == output_format::csv || with.watch;
  if (x.what == prints::page && wants_table)
    return give_up(exit_code::usage, name
                                         + " prints no table: --output wide and csv, and --watch, "
                                           "are for those that do (skein list, failures, …)");
  return with.watch ? watch_page(with, x.work) : x.work(with);
}

} // namespace

action add_commands(CLI::App& to, std::span<const command> all) {
  to.require_subcommand(1);
  auto entries = std::make_shared<std::map<const CLI::App*, entry>>();
  for (const auto& x : all) {
    auto* sub = to.add_subcommand(x.name, x.summary);
    (*entries)[sub] = {x.what, x.add(*sub)};
  }
  return [&to, entries](const session& with) {
    const auto* chosen = to.get_subcommands().front();
    return carry_out(chosen->get_name(), entries->at(chosen), with);
  };
}

} // namespace skein::console
