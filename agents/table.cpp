#include "agents/table.hpp"

#include "agents/changes.hpp"
#include "agents/csv_header.hpp"
#include "agents/source_sql.hpp"
#include "agents/sql_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <set>

namespace skein::agents {

namespace {

constexpr std::size_t header_bytes_max = 1u << 20;

using column_types = std::map<std::string, std::string>; ///< by name; the file's own types

std::string beginning_of(const std::filesystem::path& file) {
  std::string text(header_bytes_max, '\0');
  std::ifstream in{file, std::ios::binary};
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

outcome<file_facts> look_at(const config::contract& of, const std::filesystem::path& file) {
  file_facts facts;
  facts.path = file;
  std::error_code error;
  facts.bytes = std::filesystem::file_size(file, error);
  if (error)
    return give_up(fmt::format("The file of {}, {}, cannot be read: {}.", version_name(of),
                               file.string(), error.message()));
  const auto text = of.where.format == "parquet" ? std::string{} : beginning_of(file);
  const auto first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  facts.json_array = first != text.npos && text[first] == '[';
  if (of.where.format != "csv")
    return facts;
  auto header = csv_header(text, of.where.delimiter.empty() ? ',' : of.where.delimiter[0]);
  if (!header)
    return give_up(fmt::format("{}: {}.", file.string(), header.error().what));
  facts.header = std::move(*header);
  return facts;
}

outcome<column_types> columns_of_json(database& db, const config::contract& of,
                                      const file_facts& facts) {
  auto odd = db.query(json_shape_sql(of.where, facts));
  if (!odd)
    return hand_on(odd);
  if (!odd->text().empty())
    return give_up(odd->integer() == 0 ? fmt::format(
                       "{} has no list of records under {}, where contract {} puts "
                       "them.",
                       facts.path.string(), in_quotes(of.where.record_path), of.version)
                                       : fmt::format("Record {} of {} is not a JSON object.",
                                                     odd->integer(), facts.path.string()));
  auto keys = db.query(json_keys_sql(of.where, facts));
  if (!keys)
    return hand_on(keys);
  column_types found;
  for (const auto& row : keys->rows)
    found.emplace(row[0].value_or(""), "");
  if (found.empty()) // no records at all: nothing contradicts the contract
    for (const auto& x : of.columns)
      found.emplace(x.name, "");
  return found;
}

outcome<column_types> columns_of_csv(const file_facts& facts) {
  column_types found;
  for (const auto& name : facts.header)
    if (!found.emplace(name, "VARCHAR").second)
      return give_up(
          fmt::format("{} has two columns named {}.", facts.path.string(), in_quotes(name)));
  return found;
}

outcome<column_types> columns_of_parquet(database& db, const file_facts& facts) {
  auto described = db.query(
      fmt::format("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet({}, "
                  "hive_partitioning=false))",
                  literal(facts.path.string())));
  if (!described)
    return hand_on(described);
  column_types found;
  for (const auto& row : described->rows)
    found.emplace(row[0].value_or(""), row[1].value_or(""));
  return found;
}

outcome<column_types> columns_of(database& db, const config::contract& of,
                                 const file_facts& facts) {
  if (of.where.format == "csv")
    return columns_of_csv(facts);
  return of.where.format == "parquet" ? columns_of_parquet(db, facts)
                                      : columns_of_json(db, of, facts);
}

std::string list_of(const std::vector<std::string>& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

outcome<void> compare(const config::contract& of, const column_types& found,
                      const std::filesystem::path& file) {
  std::vector<std::string> missing, extra;
  for (const auto& x : of.columns)
    if (!found.contains(x.name))
      missing.push_back(in_quotes(x.name));
  for (const auto& [name, type] : found)
    if (!of.find(name))
      extra.push_back(in_quotes(name));
  if (missing.empty() && extra.empty())
    return {};
  return give_up(fmt::format("{} does not have the columns of its contract {}; missing: {}; not in "
                             "the contract: {}; correct the contract or the file.",
                             file.string(), version_name(of), list_of(missing), list_of(extra)));
}

/// A column whose raw values have to be converted, and the predicate for those that cannot be.
struct conversion {
  const config::column* column;
  std::string from;
  std::string fails;
};

/// An unquoted empty CSV field is already null; a quoted one is null for everything but text.
std::string raw_value(const config::contract& of, const config::column& x) {
  const auto name = identifier(x.name);
  return of.where.format == "csv" && x.type != "VARCHAR" ? fmt::format("nullif({}, '')", name)
                                                         : name;
}

std::vector<conversion> conversions_of(const config::contract& of, const column_types& found) {
  std::vector<conversion> all;
  for (const auto& x : of.columns) {
    const auto from = raw_type(of.where, x, found.at(x.name));
    if (auto fails = unconvertible(raw_value(of, x), from, x.type); !fails.empty())
      all.push_back({&x, from, std::move(fails)});
  }
  return all;
}

outcome<trouble> first_failure(database& db, const config::contract& of, const conversion& x,
                               const std::string& raw, const std::filesystem::path& file) {
  auto found = db.query(fmt::format(
      "SELECT number, CAST({} AS VARCHAR) FROM (SELECT row_number() OVER () AS number, * FROM {}) "
      "WHERE {} ORDER BY number LIMIT 1",
      identifier(x.column->name), raw, x.fails));
  if (!found)
    return hand_on(found);
  return trouble{trouble_kind::permanent,
                 fmt::format("Row {} of {}, column {}: cannot convert '{}' to {} (contract {} says "
                             "so); correct the value or the contract.",
                             found->integer(), file.string(), in_quotes(x.column->name),
                             found->text(1), x.column->type, version_name(of)),
                 {}};
}

outcome<int64_t> count_and_check(database& db, const config::contract& of,
                                 const std::vector<conversion>& conversions, const std::string& raw,
                                 const std::filesystem::path& file) {
  std::string list = "count(*)";
  for (const auto& x : conversions)
    list += fmt::format(", count_if({})", x.fails);
  auto counts = db.query(fmt::format("SELECT {} FROM {}", list, raw));
  if (!counts)
    return hand_on(counts);
  for (std::size_t i = 0; i < conversions.size(); ++i) {
    if (counts->integer(i + 1) == 0)
      continue;
    auto why = first_failure(db, of, conversions[i], raw, file);
    return tl::unexpected<trouble>{why ? std::move(*why) : std::move(why.error())};
  }
  return counts->integer();
}

std::string typed_view_sql(const config::contract& of, const std::string& view,
                           const std::string& raw) {
  std::vector<std::string> list;
  for (const auto& x : of.columns)
    list.push_back(
        fmt::format("CAST({} AS {}) AS {}", raw_value(of, x), x.type, identifier(x.name)));
  return fmt::format("CREATE OR REPLACE TEMP VIEW {} AS SELECT {} FROM {}", identifier(view),
                     fmt::join(list, ", "), raw);
}

} // namespace

outcome<config::contract> with_canonical_types(database& db, config::contract of) {
  for (auto& x : of.columns) {
    auto type = db.query(
        fmt::format("SELECT column_type FROM (DESCRIBE SELECT CAST(NULL AS {}) AS x)", x.type));
    if (!type)
      return give_up(fmt::format("Contract {} gives column {} the type {}, which DuckDB does not "
                                 "know; write a DuckDB type as its physicalType.",
                                 version_name(of), in_quotes(x.name), x.type));
    x.type = type->text();
  }
  return of;
}

outcome<table> open_table(database& db, const config::contract& of,
                          const std::filesystem::path& file, const std::string& view) {
  auto facts = look_at(of, file);
  if (!facts)
    return hand_on(facts);
  auto found = columns_of(db, of, *facts);
  if (!found)
    return hand_on(found);
  if (auto same = compare(of, *found, file); !same)
    return hand_on(same);
  const auto raw = identifier(view + " as stored");
  auto stored
      = db.query(fmt::format("CREATE OR REPLACE TEMP VIEW {} AS {}", raw, scan_sql(of, *facts)));
  if (!stored)
    return hand_on(stored);
  auto rows = count_and_check(db, of, conversions_of(of, *found), raw, file);
  if (!rows)
    return hand_on(rows);
  if (auto typed = db.query(typed_view_sql(of, view, raw)); !typed)
    return hand_on(typed);
  return table{view, *rows};
}

std::string version_name(const config::contract& of) { return of.dataset + " " + of.version; }

} // namespace skein::agents
