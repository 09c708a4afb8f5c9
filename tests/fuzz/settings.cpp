// skein.yaml, and the entities of a catalog: what else a workspace's YAML may be.
#include "config/entity.hpp"
#include "config/workspace_settings.hpp"
#include "tests/fuzz/config_fuzz.hpp"

#include <algorithm>

using namespace skein;
using namespace skein::fuzz;

namespace {

/// Whatever stands in the file is where the report says, and nowhere else.
void must_stand_in(const config::yaml::node& x, int lines) {
  must(x.at.line >= 1 && x.at.line <= lines && x.at.column >= 1, "a value stands in the file");
  for (const auto& item : x.items)
    must_stand_in(item, lines);
  for (const auto& field : x.fields)
    must_stand_in(field.value, lines);
}

template <class Read>
void read_each(const std::vector<config::yaml::node>& documents, Read read) {
  config::yaml::report found{file_name};
  for (const auto& each : documents)
    read(each, found);
  for (const auto& mistake : found.take())
    must_name_place(mistake);
}

} // namespace

SKEIN_FUZZ(settings, bytes) {
  config::yaml::report found{file_name};
  const auto documents = config::yaml::parse(bytes, found);
  for (const auto& mistake : found.take())
    must_name_place(mistake);
  // A lone carriage return ends a line, too.
  const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
  const auto breaks = std::count_if(bytes.begin(), bytes.end(), is_break);
  for (const auto& each : documents)
    must_stand_in(each, static_cast<int>(breaks) + 1);
  read_each(documents, [](auto& x, auto& out) { (void)config::read_settings(x, "/w", out); });
  read_each(documents, [](auto& x, auto& out) { (void)config::read_entity(x, out); });
}
