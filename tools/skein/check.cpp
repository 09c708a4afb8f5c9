#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include "config/workspace.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace skein::console {

namespace {

using paths = std::vector<std::string>;

outcome<std::vector<failure>> mistakes_in(const session& with, const paths& wanted) {
  if (wanted.empty())
    return local_workspace(with).map(config::check_workspace);
  std::vector<failure> mistakes;
  for (const auto& path : wanted)
    for (auto& mistake : config::check(path))
      mistakes.push_back(std::move(mistake));
  return mistakes;
}

outcome<void> check(const session& with, const paths& wanted) {
  const auto found = mistakes_in(with, wanted);
  if (!found)
    return tl::unexpected{found.error()};
  const auto& mistakes = *found;
  auto sentences = nlohmann::json::array();
  for (const auto& mistake : mistakes) {
    sentences.push_back(mistake.what);
    if (!with.json)
      print_line(one_line(mistake.what));
  }
  if (with.json)
    print_line(nlohmann::json{{"ok", mistakes.empty()}, {"mistakes", sentences}}.dump());
  else if (mistakes.empty())
    print_line("all is well");
  if (mistakes.empty())
    return {};
  return give_up(exit_code::refused, counted(mistakes.size(), "mistake", "mistakes") + " found");
}

} // namespace

action add_check(CLI::App& to) {
  auto wanted = std::make_shared<paths>();
  to.add_option("path", *wanted, "Files or folders; the workspace if left out");
  return [wanted](const session& with) { return check(with, *wanted); };
}

} // namespace skein::console
