#pragma once

#include "agents/agent_io.hpp"
#include "agents/metadata_client.hpp"
#include "agents/overseer.hpp"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace skein::agents {

/// Where and with what a migration may work.
struct migration_place {
  std::filesystem::path data_root;
  std::filesystem::path scratch;
  uint64_t memory_bytes = 1u << 30;

  /// From SKEIN_DATA_ROOT, SKEIN_WORK_DIR and SKEIN_MEMORY_LIMIT, of which DuckDB gets three
  /// fifths: it goes about a quarter over its own limit, and the program needs some too.
  static outcome<migration_place> from_environment();
};

/// The `execute-migration` step: fetches the rules, migrates the data, and writes the new version
/// back to the metadata store by compare-and-set. Safe to repeat after a crash at any point.
outcome<nlohmann::json> migrate_dataset(const metadata_client&, const attempt&,
                                        const migration_place&, overseer&);

} // namespace skein::agents
