#pragma once

#include "events/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace skein::config {

/// How one column of the new contract comes about.
enum class rule_kind : uint8_t {
  keep,       ///< the same column, value unchanged
  rename,     ///< an old column under a new name, value unchanged
  cast,       ///< an old column converted to the new contract's type
  expression, ///< a DuckDB scalar expression over old columns: split, merge, compute, flatten
  constant,   ///< a default for every row
  decide,     ///< a human has to decide: the migration is held until the mapping says how
};

struct column_rule {
  rule_kind kind = rule_kind::keep;
  std::string column;             ///< of the new contract
  std::vector<std::string> reads; ///< old columns it is made from
  std::string expression;         ///< expression: DuckDB SQL; constant: the value as text
  std::string format;             ///< cast from text to a date or time: strptime format
  bool null_on_error = false;     ///< cast: what cannot be converted becomes null, and is counted
  std::string question;           ///< decide: what the human is asked
  std::string origin;             ///< `file:line:column`, for messages; empty for an implied `keep`
};

/// The versioned rules from one contract of a dataset to the next.
///
///     mapping:
///       dataset: movies
///       from: v1
///       to: v2
///       rules:
///         - {column: title, rename: Title}
///         - {column: us_gross, cast: US Gross}
///         - {column: release_date, cast: Release Date, format: "%b %d %Y", on_error: null}
///         - {column: profit, expression: '"Gross" - "Budget"', reads: [Gross, Budget]}
///         - {column: source, default: vega}
///         - {column: rating, decide: "Is an unrated movie null or Not Rated?"}
///         - {drop: [Director, Source]}
///
/// A column that both contracts have under one name and type needs no rule: it is kept. `reads`
/// of an expression names every old column in it (`[]`: none), since nothing else can say what
/// becomes of them; `decide` may have it too.
struct mapping {
  std::string dataset;
  std::string from;
  std::string to;
  std::vector<column_rule> rules;
  std::vector<std::string> dropped; ///< old columns that go away
  std::string origin;               ///< `file:line:column`, for messages
};

/// Parses the text of one mapping; `origin` names it in failures (`file:line:column: …`).
expected<mapping> parse_mapping(std::string_view text, const std::string& origin);

struct contract;

/// Holds a mapping against both contracts and completes it: one rule for each new column, in the
/// new contract's order, `keep` where none was written. Fails where a new column has no rule, an
/// old one is neither carried over nor dropped, or a rule names a column that is not there; the
/// failure is then one sentence a line. A `decide` rule is legal, and accounts for the old column
/// of the same name.
expected<mapping> complete(mapping written, const contract& before, const contract& after);

} // namespace skein::config
