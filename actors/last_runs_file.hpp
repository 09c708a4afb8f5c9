#pragma once

#include "actors/schedule_keeper.hpp"
#include "events/failure.hpp"

#include <filesystem>

namespace skein::actors {

/// `<state>/scanner.json`: `{"last_due": {"<agent>": <seconds since 1970 UTC>}}`. A file that is
/// not there is empty.
expected<last_runs> load_last_runs(const std::filesystem::path& file);

/// Replaces the file as a whole, and returns once it is on disk: a crash leaves the old or the new.
expected<void> save_last_runs(const std::filesystem::path& file, const last_runs& what);

} // namespace skein::actors
