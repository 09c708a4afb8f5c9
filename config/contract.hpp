#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace skein::config {

/// One column of a contract. `type` is ODCS `physicalType`, written as a DuckDB SQL type
/// (`BIGINT`, `DECIMAL(18,2)`, `TIMESTAMP`, `STRUCT(a INTEGER)`, …); where a contract gives only
/// a `logicalType` it is the default type for it. A column of the primary key is `required`, and
/// `unique` too when it is the whole key.
struct column {
  std::string name;
  std::string logical_type;
  std::string type;
  bool required = false;
  bool unique = false;
  bool primary_key = false;
  std::string description;
};

/// What a quality rule measures.
enum class measure : uint8_t {
  row_count,
  null_values,
  duplicate_values,
  invalid_values,
  sql, ///< `query`, with `${table}` and `${column}` to be replaced; answers one number
};

/// The measured number must satisfy every bound that is set.
struct bounds {
  std::optional<double> equal, not_equal, greater_than, at_least, less_than, at_most;
};

/// One check of a contract, of the whole table or (with `column` set) of one column.
struct quality_rule {
  measure what = measure::row_count;
  std::string name;   ///< for people; `nullValues of Title` unless the contract names the rule
  std::string column; ///< empty: the whole table, which only `row_count` and `sql` can measure
  std::vector<std::string> valid_values;
  std::string query;
  bounds must_be;
  bool percent = false; ///< ODCS `unit: percent`: the measure is a share of all rows, 0 to 100
  bool blocking = true; ///< false for ODCS severity `info` or `warning`: reported, not enforced
};

/// Where a version of a dataset is, from the contract's first server.
struct location {
  std::string server;      ///< ODCS `server`: the storage system, as limits count it
  std::string path;        ///< below the workspace's data root, with `/`; never absolute or `..`
  std::string format;      ///< `csv`, `json` (one array or one object), `ndjson` or `parquet`
  std::string delimiter;   ///< CSV only; `,` unless the contract says otherwise
  std::string record_path; ///< JSON only: dotted path to the array of records; empty: top level
};

/// One version of a dataset's schema and quality rules: an Open Data Contract Standard v3 file
/// (https://bitol-io.github.io/open-data-contract-standard/v3.0.2/). Column names differ by more
/// than case, since DuckDB does not tell case apart.
struct contract {
  std::string dataset; ///< ODCS `name`
  std::string version;
  std::string status;
  std::string description;
  location where;
  std::vector<column> columns;
  std::vector<quality_rule> quality;

  const column* find(std::string_view name) const;
};

/// Parses the text of one contract; `origin` names it in failures (`file:line:column: …`).
/// Keys of ODCS that Skein does not use are accepted; keys ODCS does not know are refused.
expected<contract> parse_contract(std::string_view text, const std::string& origin);

/// Whether two SQL types are one and the same to DuckDB: `text` is `VARCHAR(20)`, `INT8` is
/// `BIGINT` (DuckDB manual, "Data Types").
bool is_same_type(std::string_view, std::string_view);

} // namespace skein::config
