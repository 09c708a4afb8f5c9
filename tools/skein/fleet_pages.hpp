#pragma once

#include "tools/skein/session.hpp"
#include "tools/skein/source.hpp"

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace CLI {
class App;
}

/// What `skein replay` and `skein diff` have in common: a look at the whole fleet, page by page, so
/// that memory stays the same however many migrations there are.
namespace skein::console {

struct fleet_options {
  std::string at, dataset, owner, scan, label;
  uint64_t shown = 100; ///< lines of the table; what is counted is always everything
};

void add_fleet_options(CLI::App& to, fleet_options& into);

/// Hands over each row of all pages, and answers the last page without its rows.
outcome<nlohmann::json> for_each_row(source& from, const std::string& path, parameters query,
                                     const fleet_options& want,
                                     const std::function<void(const nlohmann::json& row)>& visit);

/// All migrations as they were; the answer to `skein replay` without an id.
outcome<void> replay_fleet(const session& with, const fleet_options& want);

} // namespace skein::console
