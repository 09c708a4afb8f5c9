#include "tools/skein/audit.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"
#include "tools/skein/workspace_state.hpp"

#include "store/encodings.hpp"
#include "store/merkle.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

outcome<void> root(const session& with, uint64_t wanted) {
  auto state = state_folder(with.workspace);
  if (!state)
    return tl::unexpected{state.error()};
  auto log = open_log_beside(*state);
  if (!log)
    return tl::unexpected{log.error()};
  const auto last = (*log)->last_sequence();
  if (wanted != store::no_limit && wanted > last)
    return give_up(exit_code::not_found, "the log has only " + counted(last, "event", "events"));
  store::merkle::edge tree;
  const auto done = (*log)->read(1, std::min(wanted, last), [&](const store::stored& record) {
    tree.add(store::merkle::leaf_hash(record.bytes));
    return true;
  });
  if (!done)
    return give_up(exit_code::refused, done.error().what);
  const auto root = store::hex(tree.root());
  if (with.json)
    print_line(
        nlohmann::json{{"log", (*log)->log_id()}, {"size", tree.size()}, {"root", root}}.dump());
  else
    print_line(root + "  " + counted(tree.size(), "event", "events"));
  return {};
}

} // namespace

action add_audit_root(CLI::App& to) {
  auto size = std::make_shared<uint64_t>(store::no_limit);
  to.add_option("--size", *size, "Of the first so many events only");
  return [size](const session& with) { return root(with, *size); };
}

} // namespace skein::console
