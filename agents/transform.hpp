#pragma once

#include "agents/duckdb.hpp"
#include "agents/migrate.hpp"
#include "agents/table.hpp"
#include "agents/transform_sql.hpp"

#include <map>
#include <string>
#include <vector>

namespace skein::agents {

/// A transformation that has been tried on every row: nothing but a full disk can now stop it,
/// except an expression that fails on a value.
struct transformation {
  table source;
  std::vector<derived_column> columns;
  std::map<std::string, int64_t> nulled; ///< values a lenient cast turned into null, by column
};

/// Opens the source under its contract and tries the mapping on it: expressions must be valid SQL
/// over the columns they say they read, and every value must survive its cast; the first row that
/// does not is named. The plan's contracts have canonical types.
outcome<transformation> prepare_transformation(database&, const migration_plan&);

/// After a copy failed: the first row on which an expression fails, as a sentence; the failure as
/// it was given when it is none of the expressions.
trouble explain(database&, const migration_plan&, const transformation&, trouble failed);

} // namespace skein::agents
