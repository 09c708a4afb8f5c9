#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/terminal.hpp"

#include <filesystem>
#include <string>

namespace skein::console {

/// What a run has to show for itself: what was migrated, what was held back and why, where the
/// mails are, and what to try next.
struct run_report {
  double seconds = 0;
  std::size_t new_migrations = 0; ///< requested during this run
  bool untold = false;            ///< an owner is still to be told of a migration that rests
  std::filesystem::path workspace;
  std::filesystem::path outbox; ///< empty: mails went to a server
};

outcome<std::string> run_summary(const terminal& to, source& from, const run_report& what);

} // namespace skein::console
