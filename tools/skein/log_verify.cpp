#include "tools/skein/log.hpp"

#include <CLI/App.hpp>
#include <memory>

namespace skein::console {

action add_log_verify(CLI::App& to) {
  auto file = std::make_shared<std::string>();
  to.add_option("file", *file, "Written by skein log export")->required();
  return [file](const session& with) -> outcome<void> {
    const auto done = store::verify_export(*file);
    if (!done)
      return give_up(exit_code::refused, done.error().what);
    print_exported(with, *file + " is whole", *done);
    return {};
  };
}

} // namespace skein::console
