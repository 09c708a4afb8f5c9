#include "tools/skein/log.hpp"

#include <CLI/App.hpp>
#include <memory>

namespace skein::console {

action add_log_import(CLI::App& to) {
  struct import_options {
    std::string file, into;
    bool is_dry = false;
  };
  auto want = std::make_shared<import_options>();
  to.add_option("file", want->file, "Written by skein log export, from sequence 1 on")->required();
  to.add_option("--into", want->into, "State folder without a log, such as WORKSPACE/.skein")
      ->required();
  to.add_flag("--dry-run", want->is_dry, "Only check the file, and that there is no log yet");
  return [want](const session& with) -> outcome<void> {
    const auto log = std::filesystem::path{want->into} / "log";
    if (want->is_dry && std::filesystem::exists(log))
      return give_up(exit_code::refused, "there is something in " + log.string()
                                             + " already; name a state folder without a log");
    const auto done
        = want->is_dry ? store::verify_export(want->file, {}) : store::import_log(want->file, log);
    if (!done)
      return give_up(exit_code::refused, done.error().what);
    if (done->header.first_sequence != 1)
      return give_up(exit_code::refused, want->file
                                             + " does not begin with the log's first event; "
                                               "export all of it");
    print_exported(with, (want->is_dry ? "Would be imported into " : "Imported into ") + want->into,
                   *done);
    return {};
  };
}

} // namespace skein::console
