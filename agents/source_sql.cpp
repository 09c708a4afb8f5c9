#include "agents/source_sql.hpp"

#include "agents/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sstream>

namespace skein::agents {

namespace {

constexpr std::uintmax_t json_object_bytes_default = 16u << 20;

std::vector<std::string> split_path(const std::string& dotted) {
  std::vector<std::string> parts;
  std::istringstream in{dotted};
  for (std::string part; std::getline(in, part, '.');)
    parts.push_back(part);
  return parts;
}

std::string json_path(const std::string& dotted) {
  std::string path = "$";
  for (const auto& part : split_path(dotted))
    path += "." + identifier(part);
  return path;
}

/// Format and limits that every way of reading a JSON file shares.
std::string json_options(const config::location& where, const file_facts& file) {
  const char* format = where.format == "ndjson" ? "newline_delimited"
                       : file.json_array        ? "array"
                                                : "unstructured";
  const auto object_bytes = std::max(json_object_bytes_default, file.bytes + 1024);
  return fmt::format("{}, format={}, maximum_object_size={}, hive_partitioning=false",
                     literal(file.path.string()), literal(format),
                     file.json_array || where.format == "ndjson" ? json_object_bytes_default
                                                                 : object_bytes);
}

std::string json_records_sql(const config::location& where, const file_facts& file) {
  if (where.record_path.empty())
    return fmt::format("SELECT json AS record FROM read_json_objects({})",
                       json_options(where, file));
  return fmt::format("SELECT unnest(json_extract(json, {})) AS record FROM read_json_objects({})",
                     literal(json_path(where.record_path) + "[*]"), json_options(where, file));
}

/// `{'a': 'VARCHAR', …}` for a reader's `columns` option.
template <class Columns, class Type>
std::string column_map(const Columns& columns, Type type) {
  std::vector<std::string> entries;
  for (const auto& x : columns)
    entries.push_back(fmt::format("{}: {}", literal(x.name), literal(type(x))));
  return fmt::format("{{{}}}", fmt::join(entries, ", "));
}

std::string struct_type(const config::contract& of) {
  std::vector<std::string> fields;
  for (const auto& x : of.columns)
    fields.push_back(fmt::format("{} {}", identifier(x.name), raw_type(of.where, x, {})));
  return fmt::format("STRUCT({})", fmt::join(fields, ", "));
}

std::string list_of(const config::contract& of, std::string_view prefix) {
  std::vector<std::string> all;
  for (const auto& x : of.columns)
    all.push_back(fmt::format("{}{}", prefix, identifier(x.name)));
  return fmt::format("{}", fmt::join(all, ", "));
}

/// The reader can only be told the shape of the whole document, so the record's type is wrapped
/// in one struct for each further part of the path.
std::string scan_json_path(const config::contract& of, const file_facts& file) {
  const auto parts = split_path(of.where.record_path);
  auto type = struct_type(of) + "[]";
  for (auto part = parts.rbegin(); part + 1 != parts.rend(); ++part)
    type = fmt::format("STRUCT({} {})", identifier(*part), type);
  std::vector<std::string> steps;
  for (const auto& part : parts)
    steps.push_back(identifier(part));
  return fmt::format("SELECT {} FROM (SELECT unnest({}) AS record FROM read_json({}, "
                     "columns={{{}: {}}}))",
                     list_of(of, "record."), fmt::join(steps, "."), json_options(of.where, file),
                     literal(parts.front()), literal(type));
}

std::string scan_json(const config::contract& of, const file_facts& file) {
  if (!of.where.record_path.empty())
    return scan_json_path(of, file);
  const auto types
      = column_map(of.columns, [&](const auto& x) { return raw_type(of.where, x, {}); });
  return fmt::format("SELECT {} FROM read_json({}, columns={})", list_of(of, ""),
                     json_options(of.where, file), types);
}

/// Every option is given, because what the sniffer guesses depends on the data. A quoted empty
/// field is an empty text, an unquoted one is null, so that writing and reading lose nothing.
std::string scan_csv(const config::contract& of, const file_facts& file) {
  std::vector<std::string> entries;
  for (const auto& name : file.header)
    entries.push_back(fmt::format("{}: 'VARCHAR'", literal(name)));
  const auto delimiter = of.where.delimiter.empty() ? "," : of.where.delimiter;
  return fmt::format("SELECT {} FROM read_csv({}, auto_detect=false, header=true, delim={}, "
                     "quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, "
                     "hive_partitioning=false, columns={{{}}})",
                     list_of(of, ""), literal(file.path.string()), literal(delimiter),
                     fmt::join(entries, ", "));
}

} // namespace

std::string raw_type(const config::location& where, const config::column& x,
                     const std::string& stored) {
  if (where.format == "parquet")
    return stored;
  return where.format != "csv" && is_nested_type(x.type) ? x.type : "VARCHAR";
}

std::string scan_sql(const config::contract& of, const file_facts& file) {
  if (of.where.format == "csv")
    return scan_csv(of, file);
  if (of.where.format == "parquet")
    return fmt::format("SELECT {} FROM read_parquet({}, hive_partitioning=false)", list_of(of, ""),
                       literal(file.path.string()));
  return scan_json(of, file);
}

std::string json_keys_sql(const config::location& where, const file_facts& file) {
  return fmt::format("SELECT DISTINCT unnest(json_keys(record)) FROM ({})",
                     json_records_sql(where, file));
}

std::string json_shape_sql(const config::location& where, const file_facts& file) {
  const auto first_odd
      = fmt::format("SELECT min(number) FROM (SELECT row_number() OVER () AS number, record FROM "
                    "({})) WHERE json_type(record) IS DISTINCT FROM 'OBJECT'",
                    json_records_sql(where, file));
  if (where.record_path.empty())
    return first_odd;
  return fmt::format("SELECT CASE WHEN (SELECT count(*) FROM read_json_objects({}) WHERE "
                     "json_type(json, {}) = 'ARRAY') = 0 THEN 0 ELSE ({}) END",
                     json_options(where, file), literal(json_path(where.record_path)), first_odd);
}

} // namespace skein::agents
