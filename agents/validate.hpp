#pragma once

#include "agents/migrate.hpp"
#include "agents/quality.hpp"
#include "agents/transform.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace skein::agents {

struct validation {
  std::map<std::string, std::string> checksums; ///< new column to count and sum of hashes
  std::vector<measured_check> quality;
};

/// Reads a staged file back under the new contract and holds it against the source: as many rows,
/// equal checksums of every column that was carried over unchanged, and every promise of the new
/// contract kept. Fails with the first that is not, blocking ones only.
outcome<validation> validate(database&, const migration_plan&, const transformation&,
                             const std::filesystem::path& staged);

} // namespace skein::agents
