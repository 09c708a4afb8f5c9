#pragma once

#include "config/contract.hpp"

#include <filesystem>
#include <string>

namespace skein::agents {

/// COPY of a SELECT to a file in the location's format: Parquet with zstd, CSV with a header and
/// quoted empty texts, a JSON array, or newline-delimited JSON. Pure.
std::string copy_sql(const std::string& select, const config::location& to,
                     const std::filesystem::path& file);

} // namespace skein::agents
