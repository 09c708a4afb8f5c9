#include "agents/copy_sql.hpp"

#include "agents/sql_text.hpp"

#include <fmt/format.h>

namespace skein::agents {

namespace {

std::string options_for(const config::location& to) {
  if (to.format == "parquet")
    return "FORMAT parquet, COMPRESSION zstd";
  if (to.format == "csv")
    return fmt::format("FORMAT csv, HEADER true, DELIMITER {}, QUOTE '\"', ESCAPE '\"', "
                       "NULLSTR ''",
                       literal(to.delimiter.empty() ? "," : to.delimiter));
  return fmt::format("FORMAT json, ARRAY {}", to.format == "json");
}

} // namespace

std::string copy_sql(const std::string& select, const config::location& to,
                     const std::filesystem::path& file) {
  return fmt::format("COPY ({}) TO {} ({})", select, literal(file.string()), options_for(to));
}

} // namespace skein::agents
