// A contract (ODCS), as workspaces and the metadata store have it.
#include "config/contract.hpp"
#include "config/sql_type.hpp"
#include "tests/fuzz/config_fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

namespace {

bool stays_inside(const std::string& path) {
  return !path.starts_with('/') && path != ".." && !path.starts_with("../")
         && !path.ends_with("/..") && path.find("/../") == std::string::npos;
}

} // namespace

SKEIN_FUZZ(contract, bytes) {
  const auto read = config::parse_contract(bytes, file_name);
  if (!read)
    return must_name_place(read.error());
  must(!read->dataset.empty() && !read->version.empty(), "a contract is of a dataset's version");
  must(stays_inside(read->where.path), "data is below its root");
  for (const auto& column : read->columns) {
    must(config::looks_like_type(column.type), "a type is one, for it goes into SQL");
    must(read->find(column.name) != nullptr, "a column is found by its name");
    must(config::is_same_type(column.type, column.type), "a type is itself");
  }
  for (const auto& rule : read->quality)
    must(rule.column.empty() || read->find(rule.column), "a rule is of a column that there is");
}
