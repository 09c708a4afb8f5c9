#pragma once

#include "agents/outcome.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace skein::agents {

inline constexpr const char* manifest_name = "_skein.json";

/// What a published folder says about itself, in `_skein.json` beside the data file. A second run
/// of the same migration knows its own result by it.
struct manifest {
  std::string migration;
  std::string source_sha256;
  uint64_t source_bytes = 0;
  std::string mapping_sha256; ///< of the mapping's and the new contract's text
  std::string file;           ///< the data file's name
  std::string file_sha256;
  uint64_t file_bytes = 0;
  int64_t rows = 0;
  std::string report; ///< the output of the run that published, as JSON

  bool operator==(const manifest&) const = default;
};

std::string to_text(const manifest&);

/// Fails when the folder has no manifest, or one that cannot be read.
outcome<manifest> read_manifest(const std::filesystem::path& folder);

} // namespace skein::agents
