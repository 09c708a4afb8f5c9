#include "tools/skein/audit.hpp"
#include "tools/skein/log.hpp"
#include "tools/skein/workspace_state.hpp"

#include <CLI/App.hpp>
#include <memory>

namespace skein::console {

namespace {

struct export_options {
  std::string file;
  store::export_request what;
};

outcome<void> export_log(const session& with, const export_options& want) {
  const auto state = state_folder(with);
  if (!state)
    return tl::unexpected{state.error()};
  const auto log = open_log_beside(*state);
  if (!log)
    return tl::unexpected{log.error()};
  const auto done = store::export_log(**log, want.file, want.what);
  if (!done)
    return give_up(exit_code::refused, done.error().what);
  print_exported(with, "Exported to " + want.file, *done);
  return {};
}

} // namespace

action add_log_export(CLI::App& to) {
  auto want = std::make_shared<export_options>();
  to.add_option("file", want->file, "To be written; FILE.part until it is whole")->required();
  to.add_option("--from", want->what.from, "First sequence")->capture_default_str();
  to.add_option("--to", want->what.to, "Last sequence; the log's last if left out");
  to.add_flag("--resume", want->what.resume, "Go on with FILE.part, which was cut off");
  return [want](const session& with) { return export_log(with, *want); };
}

} // namespace skein::console
