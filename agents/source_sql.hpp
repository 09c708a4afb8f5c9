#pragma once

#include "config/contract.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// How a file is read under its contract, as DuckDB SQL. Pure: what must be known about the file
/// (its CSV header, how its JSON begins) is passed in. Column types are canonical.
namespace skein::agents {

/// What a file turned out to be, where its contract leaves it open.
struct file_facts {
  std::filesystem::path path;
  std::uintmax_t bytes = 0;
  std::vector<std::string> header; ///< CSV: every column, in the file's order
  bool json_array = false;         ///< JSON: begins with `[`
};

/// The type in which a column leaves the reader: text for everything a CSV or JSON file writes
/// as a plain value, so that the cast to the contract's type is ours, and checked.
/// `stored` is the file's own type (Parquet).
std::string raw_type(const config::location&, const config::column&, const std::string& stored);

/// SELECT that gives each column of the contract in its raw type, in the file's row order.
std::string scan_sql(const config::contract&, const file_facts&);

/// SELECT of every top-level key of every JSON record, once.
std::string json_keys_sql(const config::location&, const file_facts&);

/// SELECT of the number of the first JSON record that is not an object; null when all are. One
/// row with 0 when the record path leads to no array.
std::string json_shape_sql(const config::location&, const file_facts&);

} // namespace skein::agents
