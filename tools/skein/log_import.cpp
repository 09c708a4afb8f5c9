#include "tools/skein/log.hpp"

#include <CLI/App.hpp>
#include <memory>

namespace skein::console {

action add_log_import(CLI::App& to) {
  struct import_options {
    std::string file, into;
  };
  auto want = std::make_shared<import_options>();
  to.add_option("file", want->file, "Written by skein log export, from sequence 1 on")->required();
  to.add_option("--into", want->into, "State folder without a log, such as WORKSPACE/.skein")
      ->required();
  return [want](const session& with) -> outcome<void> {
    const auto done = store::import_log(want->file, std::filesystem::path{want->into} / "log");
    if (!done)
      return give_up(exit_code::refused, done.error().what);
    print_exported(with, "Imported into " + want->into, *done);
    return {};
  };
}

} // namespace skein::console
