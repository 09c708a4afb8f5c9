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

/// Why it has nothing to print that way; empty if it has.
std::string unfit(prints what, const session& with) {
  const bool wants_rows = with.format == output_format::wide || with.format == output_format::csv;
  if (what == prints::text && (wants_rows || with.json))
    return "prints text alone: leave out --output";
  if (what == prints::page && wants_rows)
    return "has no rows: its outputs are table and json";
  if (what != prints::table && with.watch)
    return "is not looked at again and again: --watch is for tables (skein list, failures, …)";
  return {};
}

outcome<void> carry_out(const std::string& name, const entry& x, const session& with) {
  if (x.what == prints::nothing)
    return x.work(with);
  if (const auto why = unfit(x.what, with); !why.empty())
    return give_up(exit_code::usage, name + " " + why);
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
