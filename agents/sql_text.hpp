#pragma once

#include <string>
#include <string_view>

/// Pieces of DuckDB SQL. Everything that comes from a file or a contract passes through here.
namespace skein::agents {

/// `"US Gross"`: a quoted identifier, whatever is in it.
std::string identifier(std::string_view name);

/// `'it''s'`: a string literal, whatever is in it.
std::string literal(std::string_view text);

/// Whether a canonical DuckDB type name (as DESCRIBE prints it) is an integer.
bool is_integer_type(std::string_view type);

/// STRUCT, MAP, UNION, a list, an array or JSON: values that a text file cannot hold as they are.
bool is_nested_type(std::string_view type);

/// True for a value of `value` (of type `from`) that cannot become a `to`, or would lose its
/// fraction on the way to an integer, where DuckDB's CAST rounds in silence. Empty when every
/// value can.
std::string unconvertible(std::string_view value, std::string_view from, std::string_view to);

} // namespace skein::agents
