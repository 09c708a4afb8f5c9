#include "agents/sql_text.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace skein::agents {

namespace {

std::string doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char x : text) {
    out += x;
    if (x == quote)
      out += quote;
  }
  return out + quote;
}

bool may_have_fraction(std::string_view type) {
  return type == "VARCHAR" || type == "DOUBLE" || type == "FLOAT" || type.starts_with("DECIMAL");
}

} // namespace

std::string identifier(std::string_view name) { return doubled(name, '"'); }

std::string literal(std::string_view text) { return doubled(text, '\''); }

bool is_integer_type(std::string_view type) {
  static constexpr std::array<std::string_view, 11> integers{
      "TINYINT",   "SMALLINT", "INTEGER", "BIGINT",   "HUGEINT", "UTINYINT",
      "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "BIGNUM"};
  return std::find(integers.begin(), integers.end(), type) != integers.end();
}

bool is_nested_type(std::string_view type) {
  return type == "JSON" || type.ends_with(']') || type.starts_with("STRUCT(")
         || type.starts_with("MAP(") || type.starts_with("UNION(");
}

std::string unconvertible(std::string_view value, std::string_view from, std::string_view to) {
  if (from == to || to == "VARCHAR")
    return {};
  const auto fails = fmt::format("({0} IS NOT NULL AND TRY_CAST({0} AS {1}) IS NULL)", value, to);
  if (!is_integer_type(to) || !may_have_fraction(from))
    return fails;
  return fmt::format("({1} OR coalesce(TRY_CAST({0} AS DOUBLE) <> trunc(TRY_CAST({0} AS DOUBLE)), "
                     "false))",
                     value, fails);
}

} // namespace skein::agents
