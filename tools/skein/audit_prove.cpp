#include "tools/skein/audit.hpp"
#include "tools/skein/audited.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/proof.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

struct prove_options {
  std::string migration, state, file;
};

outcome<void> write(const std::string& file, const std::string& text) {
  if (file.empty() || file == "-") {
    print_line(text);
    return {};
  }
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text << '\n';
  out.close();
  if (!out)
    return give_up(exit_code::refused, "cannot write " + file);
  return {};
}

outcome<void> prove_migration(const session& with, const prove_options& want) {
  const auto what = find_audited(with, want.state);
  if (!what)
    return tl::unexpected{what.error()};
  const auto tree = open_tree_beside(*what);
  if (!tree)
    return tl::unexpected{tree.error()};
  const auto log = open_log_beside(what->state);
  if (!log)
    return tl::unexpected{log.error()};
  uint64_t newer = 0;
  const auto made = prove(want.migration, **log, **tree, newer);
  if (!made)
    return give_up(exit_code::refused, made.error().what);
  if (made->events.empty() && newer == 0)
    return give_up(exit_code::not_found, "there is no migration " + want.migration);
  if (made->events.empty())
    return give_up(exit_code::refused,
                   "no head is signed yet for the events of " + want.migration
                       + "; skeind signs one every few seconds: try again then");
  const auto holds = check(*made);
  if (!holds)
    return give_up(exit_code::refused,
                   "the log cannot prove this: " + holds.error().what + "; run skein audit verify");
  if (auto ok = write(want.file, json_of(*made).dump(2)); !ok)
    return ok;
  std::fprintf(stderr, "skein: %s of %s proved, up to the head of %s signed at %s\n",
               counted(made->events.size(), "event", "events").c_str(), want.migration.c_str(),
               counted(holds->head.size, "event", "events").c_str(), holds->head.time.c_str());
  if (newer > 0)
    std::fprintf(stderr, "skein: %s newer than that head, and not in the proof\n",
                 newer == 1 ? "1 event is" : fmt::format("{} events are", newer).c_str());
  return {};
}

} // namespace

action add_audit_prove(CLI::App& to) {
  auto want = std::make_shared<prove_options>();
  to.add_option("migration", want->migration, "Migration, such as movies@v2")
      ->type_name("MIGRATION")
      ->required();
  to.add_option("-o,--output", want->file, "File to write to; the default is standard output");
  add_state_option(to, want->state);
  return [want](const session& with) { return prove_migration(with, *want); };
}

} // namespace skein::console
