#include "agents/compatibility.hpp"

#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
namespace config = skein::config;

namespace {

config::contract films_v1() {
  return contract("v1", "films/v1/films.csv", "csv",
                  {column("Title", "VARCHAR"), column("Gross", "VARCHAR"),
                   column("Budget", "BIGINT"), column("Rating", "VARCHAR"),
                   column("Director", "VARCHAR"), column("Code", "BIGINT"),
                   column("Kind", "VARCHAR"), column("A", "VARCHAR"), column("B", "VARCHAR")});
}

config::contract films_v2() {
  return contract("v2", "films/v2/films.parquet", "parquet",
                  {column("title", "VARCHAR"), column("Gross", "BIGINT"),
                   column("Budget", "BIGINT"), column("Rating", "VARCHAR"),
                   column("profit", "BIGINT"), column("code", "INTEGER"), column("Kind", "VARCHAR"),
                   column("A", "VARCHAR"), column("both", "VARCHAR")});
}

config::mapping films_mapping() {
  return mapping({renamed("title", "Title"), cast("Gross", "Gross"), keep("Budget"),
                  decide("Rating", "Null or Not Rated?"),
                  expression("profit", "Gross::BIGINT - Budget", {"Gross", "Budget"}),
                  cast("code", "Code"), constant("Kind", "film"), renamed("A", "B"),
                  expression("both", "A || B", {"A", "B"})},
                 {"Director", "A"});
}

consumer reader(std::string name, std::optional<std::vector<std::string>> columns) {
  consumer x;
  x.ref = "component:default/" + name;
  x.name = std::move(name);
  x.type = "service";
  x.via = "films";
  x.columns = std::move(columns);
  return x;
}

consumer indirect(std::string name, std::string via) {
  auto x = reader(std::move(name), std::vector<std::string>{"anything"});
  x.depth = 2;
  x.via = std::move(via);
  return x;
}

consumer derived_dataset(std::string name, std::optional<std::vector<std::string>> columns) {
  auto x = reader(name, std::move(columns));
  x.ref = "resource:default/" + name;
  x.type = "dataset";
  return x;
}

const judged_consumer& of(const std::vector<judged_consumer>& all, const std::string& name) {
  for (const auto& x : all)
    if (x.who.name == name)
      return x;
  FAIL("no verdict on " << name);
  return all.front();
}

std::vector<judged_consumer> judge_films(const std::vector<consumer>& consumers) {
  return judge(consumers, films_v1(), films_mapping(), films_v2());
}

} // namespace

TEST_CASE("each column says what a reader of it meets") {
  const auto [column, expected] = GENERATE(table<std::string, std::string>({
      {"Budget", ""},
      {"Title", "column \"Title\" is renamed to \"title\""},
      {"Gross", "column \"Gross\" changes from VARCHAR to BIGINT"},
      {"Code", "column \"Code\" is renamed to \"code\" and changes from BIGINT to INTEGER"},
      {"Rating", "a human must decide what becomes of column \"Rating\""},
      {"Director", "column \"Director\" is dropped"},
      {"Kind", "column \"Kind\" becomes the constant 'film'"},
      {"A", "column \"A\" now holds what \"B\" held"},
      {"B", "column \"B\" is renamed to \"A\""},
      {"Genre", "reads column \"Genre\", which contract v1 does not have"},
  }));
  CAPTURE(column);
  CHECK(breakage_of(column, films_v1(), films_mapping(), films_v2()).value_or("") == expected);
}

TEST_CASE("a dropped column whose values go into a computed one says so") {
  const auto before = contract("v1", "a/v1/a.csv", "csv", {column("name", "VARCHAR")});
  const auto after = contract("v2", "a/v2/a.csv", "csv", {column("first", "VARCHAR")});
  const auto rules = mapping({expression("first", "split_part(name, ' ', 1)", {"name"})});
  CHECK(breakage_of("name", before, rules, after)
        == "column \"name\" is dropped, its values go into \"first\"");
}

TEST_CASE("a column computed anew under its old name breaks its readers") {
  const auto before = contract("v1", "a/v1/a.csv", "csv", {column("name", "VARCHAR")});
  const auto rules = mapping({expression("name", "upper(name)", {"name"})});
  CHECK(breakage_of("name", before, rules, before) == "column \"name\" is computed anew");
}

TEST_CASE("consumers are judged by the columns they read, the broken ones first") {
  const auto all = judge_films({reader("calm", {{"Budget"}}), reader("silent", std::nullopt),
                                reader("broken", {{"Budget", "Director", "Title"}}),
                                reader("wrong", {{"Genre"}}), reader("idle", {{}})});
  CHECK(of(all, "calm").verdict == verdict::compatible);
  CHECK(of(all, "calm").reasons.empty());
  CHECK(of(all, "idle").verdict == verdict::compatible);
  CHECK(of(all, "silent").verdict == verdict::unknown);
  CHECK(of(all, "wrong").verdict == verdict::unknown);
  CHECK(of(all, "broken").verdict == verdict::breaks);
  CHECK(of(all, "broken").reasons.size() == 2);
  CHECK(all.front().who.name == "broken");
  CHECK(all[1].who.name == "silent");
  CHECK(summary_of(all) == nlohmann::json{{"compatible", 2}, {"breaks", 1}, {"unknown", 2}});
}

TEST_CASE("indirect consumers are as safe as the dataset they read") {
  const auto all
      = judge_films({indirect("far-safe", "stats"), indirect("far-lost", "charts"),
                     indirect("far-unknown", "mystery"), derived_dataset("stats", {{"Budget"}}),
                     derived_dataset("charts", {{"Director"}})});
  CHECK(of(all, "far-safe").verdict == verdict::compatible);
  CHECK(of(all, "far-safe").reasons
        == std::vector<std::string>{"indirect: reads stats, which stays compatible"});
  CHECK(of(all, "far-lost").verdict == verdict::unknown);
  CHECK(of(all, "far-lost").reasons
        == std::vector<std::string>{"indirect: reads charts, which breaks"});
  CHECK(of(all, "far-unknown").verdict == verdict::unknown);
}

TEST_CASE("the hold names each consumer at fault and the column it reads") {
  auto rules = films_mapping();
  rules.rules[3] = keep("Rating");
  const auto judged = judge({reader("calm", {{"Budget"}}), reader("broken", {{"Director"}}),
                             reader("silent", std::nullopt)},
                            films_v1(), rules, films_v2());
  CHECK(hold_reason(judged, rules, hold_policy::breaks)
        == "1 consumer is not ready for this migration: broken (column \"Director\" is dropped).");
  CHECK(hold_reason(judged, rules, hold_policy::breaks_or_unknown)
        == "2 consumers are not ready for this migration: broken (column \"Director\" is dropped); "
           "silent (does not declare which columns it reads).");
  CHECK(hold_reason(judged, rules, hold_policy::never) == std::nullopt);
}

TEST_CASE("indirect consumers never hold a migration") {
  auto rules = films_mapping();
  rules.rules[3] = keep("Rating");
  const auto judged = judge({indirect("far", "mystery")}, films_v1(), rules, films_v2());
  CHECK(hold_reason(judged, rules, hold_policy::breaks_or_unknown) == std::nullopt);
}

TEST_CASE("an open question holds under every policy") {
  const auto judged = judge_films({reader("broken", {{"Director"}})});
  CHECK(hold_reason(judged, films_mapping(), hold_policy::never)
        == "The mapping leaves a decision to a human, column \"Rating\": Null or Not Rated?");
  const auto both = hold_reason(judged, films_mapping(), hold_policy::breaks);
  REQUIRE(both);
  CHECK(both->find("Null or Not Rated? Also, 1 consumer is not ready") != std::string::npos);
}

TEST_CASE("hold policies are parsed") {
  CHECK(parse_hold_policy("breaks") == hold_policy::breaks);
  CHECK(parse_hold_policy("breaks,unknown") == hold_policy::breaks_or_unknown);
  CHECK(parse_hold_policy("never") == hold_policy::never);
  CHECK(parse_hold_policy("sometimes") == std::nullopt);
}
