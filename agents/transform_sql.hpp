#pragma once

#include "config/contract.hpp"
#include "config/mapping.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace skein::agents {

/// One column of the new contract as DuckDB SQL over the old columns.
struct derived_column {
  std::string name;
  std::string type;
  std::string value; ///< expression of that type
  std::string fails; ///< cast only: true for a row whose value cannot be converted; may be empty
  bool null_on_error = false;
  config::rule_kind kind = config::rule_kind::keep;
  std::vector<std::string> reads; ///< old columns
};

/// The new contract's columns in order, by a completed mapping without open questions; types of
/// both contracts are canonical. Pure.
std::vector<derived_column> derive(const config::contract& before, const config::mapping& completed,
                                   const config::contract& after);

/// SELECT of all of them from the table or view `source`.
std::string transform_sql(const std::vector<derived_column>&, std::string_view source);

/// For the columns that carry a value over unchanged (keep, rename): SELECT of one row: the
/// number of rows, then count and sum of hashes of each column. The sum does not depend on the
/// order of rows. `new_names` says whether `table` has the new or the old names.
std::string checksum_sql(const std::vector<derived_column>&, std::string_view table,
                         bool new_names);

/// Whether a column is among those `checksum_sql` covers.
bool carries_values(const derived_column&);

} // namespace skein::agents
