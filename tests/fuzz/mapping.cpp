// A mapping, by itself and against two contracts.
#include "config/mapping.hpp"
#include "config/contract.hpp"
#include "tests/fuzz/config_fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

namespace {

config::contract with_columns(const char* version, std::initializer_list<const char*> names) {
  config::contract x;
  x.dataset = "movies";
  x.version = version;
  for (const auto* name : names)
    x.columns.push_back({name, "", "VARCHAR", false, false, false, ""});
  return x;
}

const auto before = with_columns("v1", {"Title", "US Gross", "Budget", "rating"});
const auto after = with_columns("v2", {"title", "us_gross", "profit", "source", "rating"});

} // namespace

SKEIN_FUZZ(mapping, bytes) {
  const auto read = config::parse_mapping(bytes, file_name);
  if (!read)
    return must_name_place(read.error());
  must(!read->dataset.empty() && read->origin.starts_with("f.yaml:"), "it is of a dataset");
  const auto whole = config::complete(*read, before, after);
  if (!whole)
    return must_say_why(whole.error());
  must(whole->rules.size() == after.columns.size(), "there is a rule for each new column");
  for (std::size_t i = 0; i < whole->rules.size(); ++i)
    must(whole->rules[i].column == after.columns[i].name, "in the new contract's order");
}
