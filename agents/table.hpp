#pragma once

#include "agents/duckdb.hpp"
#include "agents/outcome.hpp"
#include "config/contract.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace skein::agents {

/// The contract with every column type as DuckDB names it (`int8` becomes `BIGINT`). Fails on a
/// type that DuckDB does not know, naming the column.
outcome<config::contract> with_canonical_types(database&, config::contract);

/// A dataset version's file, opened under its contract: a temporary view whose columns are the
/// contract's, in its order and types.
struct table {
  std::string view;
  int64_t rows = 0;
};

/// Opens the file and holds every value against the contract: the file must have exactly the
/// contract's columns, and every value must convert to its column's type without loss. The first
/// one that does not is named with its row (from 1, not counting a header) and column. `of` has
/// canonical types.
outcome<table> open_table(database&, const config::contract& of, const std::filesystem::path& file,
                          const std::string& view);

/// `movies v1`, as failures name a version.
std::string version_name(const config::contract&);

} // namespace skein::agents
