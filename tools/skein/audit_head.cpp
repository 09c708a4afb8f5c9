#include "tools/skein/audit.hpp"
#include "tools/skein/audited.hpp"
#include "tools/skein/print.hpp"

#include "store/encodings.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

outcome<store::kept_head> newest_head(const audited& what) {
  const auto tree = open_tree_beside(what);
  if (!tree)
    return tl::unexpected{tree.error()};
  const auto found = (*tree)->head((*tree)->newest_head());
  if (!found)
    return give_up(exit_code::refused, found.error().what);
  if (!*found)
    return give_up(exit_code::not_found, "no head is signed yet in " + what.state.string());
  return **found;
}

outcome<void> head(const session& with, const std::string& state) {
  const auto found = find_audited(with, state).and_then(newest_head);
  if (!found)
    return tl::unexpected{found.error()};
  if (!with.json) {
    print(found->note);
    return {};
  }
  const auto parsed = store::parse_head(found->note);
  if (!parsed)
    return give_up(exit_code::refused, parsed.error().what);
  print_line(json{{"ordinal", found->ordinal},
                  {"log", parsed->head.log_id},
                  {"size", parsed->head.size},
                  {"root", store::hex(parsed->head.root)},
                  {"time", parsed->head.time},
                  {"note", found->note}}
                 .dump());
  return {};
}

outcome<void> key(const session& with, const std::string& state) {
  const auto tree = find_audited(with, state).and_then(open_tree_beside);
  if (!tree)
    return tl::unexpected{tree.error()};
  const auto keys = (*tree)->keys();
  if (!keys)
    return give_up(exit_code::refused, keys.error().what);
  auto texts = json::array();
  for (const auto& x : *keys)
    texts.push_back(x.text());
  if (with.json)
    print_line(json{{"keys", texts}}.dump());
  else
    for (const auto& text : texts)
      print_line(text.get<std::string>());
  return {};
}

} // namespace

action add_audit_head(CLI::App& to) {
  auto state = std::make_shared<std::string>();
  add_state_option(to, *state);
  return [state](const session& with) { return head(with, *state); };
}

action add_audit_key(CLI::App& to) {
  auto state = std::make_shared<std::string>();
  add_state_option(to, *state);
  return [state](const session& with) { return key(with, *state); };
}

} // namespace skein::console
