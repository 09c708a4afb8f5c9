#include "tools/skein/audit.hpp"
#include "tools/skein/audited.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include "store/encodings.hpp"
#include "store/merkle.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

struct root_options {
  std::string state;
  uint64_t size = store::no_limit;
};

outcome<void> root(const session& with, const root_options& want) {
  const auto what = find_audited(with, want.state);
  if (!what)
    return tl::unexpected{what.error()};
  const auto log = open_events_beside(what->state);
  if (!log)
    return tl::unexpected{log.error()};
  const auto last = (*log)->last_sequence();
  if (want.size != store::no_limit && want.size > last)
    return give_up(exit_code::not_found, "the log has only " + counted(last, "event", "events"));
  store::merkle::edge tree;
  const auto done = (*log)->read(1, std::min(want.size, last), [&](const store::stored& record) {
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
  auto want = std::make_shared<root_options>();
  to.add_option("--size", want->size, "Of the first so many events only");
  add_state_option(to, want->state);
  return [want](const session& with) { return root(with, *want); };
}

} // namespace skein::console
