#pragma once

#include "agents/outcome.hpp"
#include "config/contract.hpp"
#include "config/mapping.hpp"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace skein::agents {

class overseer;

/// Everything a migration of one dataset's data needs to know; where it came from (the metadata
/// API) is the caller's business.
struct migration_plan {
  std::string migration; ///< `movies@v2`
  uint32_t attempt = 0;
  config::contract before;
  config::contract after;
  config::mapping mapping;    ///< completed, without open questions
  std::string mapping_sha256; ///< of the texts the result depends on
  std::filesystem::path data_root;
  std::filesystem::path scratch; ///< for what does not fit in memory
  uint64_t memory_bytes = 1u << 30;

  std::filesystem::path source_file() const { return data_root / before.where.path; }
  std::filesystem::path target_file() const { return data_root / after.where.path; }
  std::filesystem::path target_folder() const { return target_file().parent_path(); }
};

/// Transforms, copies, validates and publishes, in this order and reported apart; the old version
/// stays as it is. Until the last rename nobody sees anything, and on any failure nothing is left
/// behind. A result that this migration published before is verified and reported again. The
/// answer is the agent's output.
outcome<nlohmann::json> migrate(const migration_plan&, overseer&);

} // namespace skein::agents
