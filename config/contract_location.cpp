#include "config/contract_parts.hpp"
#include "config/spelling.hpp"
#include "config/yaml_reader.hpp"

#include <sstream>

namespace skein::config {

namespace {

using yaml::map_reader;

constexpr const char* path_advice = "; write one file below the data folder, such as "
                                    "movies/v1/movies.json";

/// Why a path could leave the data folder or mean more than one file; empty when it is fine.
std::string fault_of_path(const std::string& path) {
  if (path.starts_with("/"))
    return "is absolute";
  if (path.find_first_of("\\*?") != std::string::npos)
    return "holds a backslash or a wildcard";
  std::istringstream parts{path};
  for (std::string part; std::getline(parts, part, '/');)
    if (part == "..")
      return "climbs up with ..";
    else if (part.empty() || (part.starts_with(".") && part != "."))
      return "has an empty or hidden part";
  return path.empty() || path.ends_with("/") || path.ends_with("/.") ? "names no file" : "";
}

std::string read_path(const map_reader& in) {
  auto path = in.required_text("path");
  if (auto fault = fault_of_path(path); !path.empty() && !fault.empty())
    in.mistake("path", "the path " + quote(path) + " " + fault + path_advice);
  while (path.starts_with("./"))
    path.erase(0, 2);
  for (auto i = path.find("/./"); i != std::string::npos; i = path.find("/./"))
    path.erase(i, 2);
  return path;
}

std::string read_format(const map_reader& in) {
  static const std::vector<std::string> formats{"csv", "json", "ndjson", "parquet"};
  auto format = in.required_text("format");
  return format.empty() ? format : in.choice("format", formats, "");
}

void read_record_path(const map_reader& in, location& to, yaml::report& out) {
  for (const auto& item : in.list("customProperties")) {
    map_reader property{
        item, out, "the custom property", {"id", "property", "value", "description"}};
    if (property.text("property") != "recordPath")
      continue;
    to.record_path = property.required_text("value");
    if (to.format != "json")
      property.mistake("property", "recordPath is for the format json only");
  }
}

location read_local(const yaml::node& from, yaml::report& out) {
  map_reader in{from,
                out,
                "the local server",
                {"id", "server", "type", "path", "format", "delimiter", "description",
                 "environment", "roles", "customProperties"}};
  location result;
  result.server = in.required_text("server");
  result.path = read_path(in);
  result.format = read_format(in);
  if (result.format == "csv")
    result.delimiter = in.text("delimiter", ",");
  if (result.format == "csv" && result.delimiter.size() != 1)
    in.mistake("delimiter",
               "the delimiter must be one ASCII character, not " + quote(result.delimiter));
  else if (result.format != "csv" && in.find("delimiter"))
    in.mistake("delimiter", "a delimiter is for the format csv only; newline-delimited JSON is the "
                            "format ndjson");
  read_record_path(in, result, out);
  return result;
}

} // namespace

location read_location(const yaml::node& servers, yaml::report& out) {
  if (servers.what != yaml::node::kind::list) {
    out.add(servers.at,
            std::string{"\"servers\" of the contract must be a list, not "} + kind_name(servers));
    return {};
  }
  for (const auto& item : servers.items) {
    const auto* type = item.find("type");
    if (type && type->value.text == "local")
      return read_local(item, out);
  }
  out.add(servers.at, "none of the servers is of type local, the one type Skein reads; add one "
                      "with server, type, path and format");
  return {};
}

} // namespace skein::config
