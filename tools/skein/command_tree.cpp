#include "tools/skein/command_tree.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace skein::console {

namespace {

std::vector<const CLI::Option*> options_where(const CLI::App& of, bool named) {
  return of.get_options([named](const CLI::Option* x) {
    return x->nonpositional() == named && !x->get_group().empty();
  });
}

} // namespace

std::vector<const CLI::App*> commands_of(const CLI::App& of) {
  return of.get_subcommands([](const CLI::App* x) { return !x->get_group().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& of) { return options_where(of, true); }

std::vector<const CLI::Option*> operands_of(const CLI::App& of) { return options_where(of, false); }

/// What CLI11 makes of a type name and a check: `TEXT:{a,b}`.
std::string value_name(const CLI::Option& of) {
  if (of.get_items_expected_max() == 0)
    return {};
  const auto whole = of.get_type_name();
  return whole.substr(0, whole.find(':'));
}

std::vector<std::string> choices_of(const CLI::Option& of) {
  const auto whole = of.get_type_name();
  const auto begin = whole.find(":{"), end = whole.rfind('}');
  std::vector<std::string> result;
  if (begin == whole.npos || end == whole.npos)
    return result;
  for (auto at = begin + 2; at < end;) {
    const auto next = std::min(whole.find(',', at), end);
    result.push_back(whole.substr(at, next - at));
    at = next + 1;
  }
  return result;
}

bool needs_value(const CLI::Option& of) { return of.get_items_expected_min() > 0; }

std::vector<std::string> names_of(const CLI::Option& of) {
  std::vector<std::string> result;
  for (const auto& x : of.get_snames())
    result.push_back("-" + x);
  for (const auto& x : of.get_lnames())
    result.push_back("--" + x);
  return result;
}

std::string path_of(const CLI::App& of) {
  const auto* above = of.get_parent();
  return (above == nullptr ? "" : path_of(*above) + " ") + of.get_name();
}

} // namespace skein::console
