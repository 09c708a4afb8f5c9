#include "config/contract.hpp"

#include "config/contract_parts.hpp"
#include "config/documents.hpp"
#include "config/spelling.hpp"
#include "config/sql_type.hpp"
#include "config/yaml_reader.hpp"

#include <algorithm>
#include <map>

namespace skein::config {

namespace {

using yaml::map_reader;

constexpr const char* example_type = "such as VARCHAR, BIGINT or DECIMAL(18,2)";

void read_type(const map_reader& in, column& to) {
  static const std::vector<std::string> logical{
      "string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean"};
  if (in.find("logicalType"))
    to.logical_type = in.choice("logicalType", logical, "");
  to.type = in.text("physicalType", std::string{default_type(to.logical_type)});
  if (in.find("physicalType") && !looks_like_type(to.type))
    in.mistake("physicalType",
               quote(to.type) + " is not a SQL type; write one of DuckDB's, " + example_type);
  else if (to.type.empty() && in.is_map())
    in.out().add(in.at(), "the column " + quote(to.name) + " needs a physicalType: a DuckDB type, "
                              + example_type);
}

column read_column(const yaml::node& from, contract& to, yaml::report& out) {
  map_reader in{from,
                out,
                "the column",
                {"id",
                 "name",
                 "physicalName",
                 "businessName",
                 "description",
                 "logicalType",
                 "logicalTypeOptions",
                 "physicalType",
                 "required",
                 "unique",
                 "primaryKey",
                 "primaryKeyPosition",
                 "partitioned",
                 "partitionKeyPosition",
                 "classification",
                 "encryptedName",
                 "transformSourceObjects",
                 "transformLogic",
                 "transformDescription",
                 "examples",
                 "criticalDataElement",
                 "relationships",
                 "quality",
                 "authoritativeDefinitions",
                 "tags",
                 "customProperties",
                 "properties",
                 "items"}};
  column result;
  result.name = in.required_text("name");
  read_type(in, result);
  result.required = in.flag("required", false);
  result.unique = in.flag("unique", false);
  result.primary_key = in.flag("primaryKey", false);
  result.description = in.text("description");
  if (const auto* rules = in.find("quality"))
    for (auto& rule : read_quality(*rules, result.name, out))
      to.quality.push_back(std::move(rule));
  return result;
}

void settle_primary_key(std::vector<column>& columns) {
  auto in_key = [](const column& x) { return x.primary_key; };
  bool alone = std::count_if(columns.begin(), columns.end(), in_key) == 1;
  for (auto& x : columns) {
    x.required = x.required || x.primary_key;
    x.unique = x.unique || (x.primary_key && alone);
  }
}

void read_columns(const map_reader& in, contract& to, yaml::report& out) {
  std::map<std::string, yaml::place> seen;
  for (const auto& item : in.list("properties")) {
    auto next = read_column(item, to, out);
    auto [first, is_new] = seen.emplace(lower(next.name), item.at);
    if (!is_new && !next.name.empty())
      out.add(item.at, "the column " + quote(next.name) + " is there already, at "
                           + out.at(first->second) + " (case aside); rename or remove one of them");
    to.columns.push_back(std::move(next));
  }
  if (to.columns.empty() && in.is_map())
    in.mistake("properties", "the table needs its columns, as a list under \"properties\"");
  settle_primary_key(to.columns);
}

void read_table(const yaml::node& from, contract& to, yaml::report& out) {
  map_reader in{from,
                out,
                "the table",
                {"id", "name", "physicalName", "physicalType", "businessName", "description",
                 "logicalType", "dataGranularityDescription", "properties", "relationships",
                 "quality", "authoritativeDefinitions", "tags", "customProperties"}};
  in.required_text("name");
  if (const auto* rules = in.find("quality"))
    to.quality = read_quality(*rules, "", out);
  read_columns(in, to, out);
}

void read_schema(const map_reader& in, contract& to, yaml::report& out) {
  const auto& tables = in.list("schema");
  if (tables.size() == 1)
    return read_table(tables[0], to, out);
  if (in.is_map())
    in.mistake("schema", "the contract must describe exactly one table under \"schema\", but has "
                             + std::to_string(tables.size()) + "; write one contract for each");
}

/// A path to the records may stand with the server it concerns or with the whole contract.
std::string record_path_of(const map_reader& in, yaml::report& out) {
  for (const auto& item : in.list("customProperties")) {
    map_reader property{
        item, out, "the custom property", {"id", "property", "value", "description"}};
    if (property.text("property") == "recordPath")
      return property.required_text("value");
  }
  return {};
}

std::string read_description(const map_reader& in, yaml::report& out) {
  const auto* x = in.find("description");
  if (!x || x->what == yaml::node::kind::scalar)
    return x ? x->text : "";
  map_reader parts{
      *x,
      out,
      "the description",
      {"purpose", "usage", "limitations", "authoritativeDefinitions", "customProperties"}};
  return parts.text("purpose");
}

void read_head(const map_reader& in, contract& to, yaml::report& out) {
  auto api = in.required_text("apiVersion");
  if (!api.empty() && !api.starts_with("v3."))
    in.mistake("apiVersion", "the contract follows ODCS " + quote(api)
                                 + ", but only v3 is read; bring it to v3.0.2");
  if (auto kind = in.required_text("kind"); !kind.empty() && kind != "DataContract")
    in.mistake("kind", "\"kind\" must be DataContract, not " + quote(kind));
  in.required_text("id");
  to.dataset = in.required_text("name");
  to.version = in.required_text("version");
  for (const char* key : {"name", "version"})
    if (auto x = in.text(key); !x.empty() && !is_name(x))
      in.mistake(key, quote(x) + " cannot be the " + key
                          + " of a dataset; use letters, digits, -, _ and . only, at most 63");
  to.status = in.required_text("status");
  to.description = read_description(in, out);
}

} // namespace

const column* contract::find(std::string_view wanted) const {
  auto found = std::find_if(columns.begin(), columns.end(),
                            [&](const column& x) { return x.name == wanted; });
  return found == columns.end() ? nullptr : &*found;
}

contract read_contract(const yaml::node& from, yaml::report& out) {
  map_reader in{from,
                out,
                "the contract",
                {"apiVersion",
                 "kind",
                 "id",
                 "name",
                 "version",
                 "status",
                 "tenant",
                 "tags",
                 "domain",
                 "dataProduct",
                 "description",
                 "servers",
                 "schema",
                 "support",
                 "price",
                 "team",
                 "roles",
                 "slaDefaultElement",
                 "slaProperties",
                 "authoritativeDefinitions",
                 "customProperties",
                 "contractCreatedTs"}};
  contract result;
  read_head(in, result, out);
  if (const auto* servers = in.find("servers"))
    result.where = read_location(*servers, out);
  else if (in.is_map())
    in.mistake("servers", "the contract must say where its data is: a server of type local with "
                          "path and format under \"servers\"");
  read_schema(in, result, out);
  auto record_path = record_path_of(in, out);
  if (result.where.record_path.empty())
    result.where.record_path = record_path;
  if (!record_path.empty() && result.where.format != "json")
    in.mistake("customProperties", "recordPath is for the format json only");
  return result;
}

expected<contract> parse_contract(std::string_view text, const std::string& origin) {
  return read_only_document<contract>(text, origin, read_contract).map_error(joined);
}

} // namespace skein::config
