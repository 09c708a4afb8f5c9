#include "agents/manifest.hpp"
#include "agents/migrate.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
namespace config = skein::config;
namespace fs = std::filesystem;

namespace {

constexpr const char* films_csv = "Title,US Gross,Release Date,Budget,Name,Director\n"
                                  "\"Jaws, the film\",260000000,Jun 20 1975,7,Steven Spielberg,x\n"
                                  ",n/a,,8,Jane Campion,y\n"
                                  "\"\",12,Jan 02 2003,,Solo ,\n";

config::contract films_v1() {
  return contract("v1", "films/v1/films.csv", "csv",
                  {column("Title", "VARCHAR"), column("US Gross", "VARCHAR"),
                   column("Release Date", "VARCHAR"), column("Budget", "BIGINT"),
                   column("Name", "VARCHAR"), column("Director", "VARCHAR")});
}

config::contract films_v2(const std::string& format) {
  return contract("v2", "films/v2/films." + format, format,
                  {column("title", "VARCHAR"), column("us_gross", "BIGINT"),
                   column("released", "DATE"), column("Budget", "BIGINT"),
                   column("last", "VARCHAR"), column("origin", "VARCHAR", true)});
}

/// Every kind of rule there is, but a question.
config::mapping films_mapping() {
  return mapping({renamed("title", "Title"), lenient_cast("us_gross", "US Gross"),
                  cast("released", "Release Date", "%b %d %Y"), keep("Budget"),
                  expression("last", "split_part(Name, ' ', 2)", {"Name"}),
                  constant("origin", "it's vega")},
                 {"Director"});
}

nlohmann::json done(const outcome<nlohmann::json>& result) {
  if (!result)
    FAIL(result.error().what);
  return *result;
}

} // namespace

TEST_CASE("CSV becomes CSV by every kind of rule") {
  film_migration x{films_v1(), films_v2("csv"), films_mapping()};
  x.source(films_csv);
  const auto output = done(x.run());
  CHECK(get(x.plan.target_file())
        == "title,us_gross,released,Budget,last,origin\n"
           "\"Jaws, the film\",260000000,1975-06-20,7,Spielberg,it's vega\n"
           ",,,8,Campion,it's vega\n"
           "\"\",12,2003-01-02,,\"\",it's vega\n");
  CHECK(output.at("rows") == 3);
  CHECK(output.at("location") == "films/v2/films.csv");
  CHECK(output.at("nulled").at("us_gross") == 1);
  CHECK(output.at("checksums").contains("title"));
  CHECK(output.at("checksums").contains("Budget"));
  CHECK(!output.at("checksums").contains("released"));
  CHECK(output.at("changes").size() == 7);
  CHECK(output.at("phases").size() == 3);
  CHECK(get(x.plan.source_file()) == films_csv);
  CHECK(nothing_staged(x.plan.data_root));
}

TEST_CASE("every format becomes every format") {
  const auto from = GENERATE("csv", "json", "ndjson", "parquet");
  const auto to = GENERATE("csv", "json", "ndjson", "parquet");
  CAPTURE(from, to);
  film_migration first{films_v1(), films_v2(from), films_mapping()};
  first.source(films_csv);
  done(first.run());
  auto before = films_v2(from), after = films_v2(to);
  before.version = "v1";
  before.where.path = "films/v1/films";
  std::vector<config::column_rule> keeps;
  for (const auto& column : after.columns)
    keeps.push_back(keep(column.name));
  film_migration second{before, after, mapping(keeps)};
  second.source(get(first.plan.target_file()));
  const auto output = done(second.run());
  CHECK(output.at("rows") == 3);
  CHECK(output.at("checksums").size() == after.columns.size());
}

TEST_CASE("nested values, times and numbers come through every format unchanged") {
  const auto to = GENERATE("csv", "json", "ndjson", "parquet");
  CAPTURE(to);
  const std::vector<config::column> columns{
      column("s", "STRUCT(a INTEGER, \"b c\" VARCHAR[])"), column("t", "TIMESTAMP WITH TIME ZONE"),
      column("d", "DOUBLE"), column("m", "DECIMAL(9,2)"), column("f", "BOOLEAN")};
  auto before = contract("v1", "films/v1/films.json", "json", columns);
  auto after = contract("v2", "films/v2/films", to, columns);
  film_migration x{before, after, mapping({keep("s"), keep("t"), keep("d"), keep("m"), keep("f")})};
  x.source(R"([{"s":{"a":1,"b c":["it's","\"q\"",null]},"t":"2020-01-01T00:00:00+02:00","d":0.1,
                "m":12.34,"f":true},
               {"s":null,"t":"1969-12-31 23:59:59.123456Z","d":1e300,"m":-0.05,"f":null}])");
  CHECK(done(x.run()).at("checksums").size() == 5);
}

TEST_CASE("the order of rows is kept") {
  auto before = contract("v1", "films/v1/f.csv", "csv", {column("n", "BIGINT")});
  auto after = contract("v2", "films/v2/f.csv", "csv", {column("n", "BIGINT")});
  film_migration x{before, after, mapping({keep("n")})};
  std::string text = "n\n";
  for (int64_t i = 0; i < 300'000; ++i)
    text += std::to_string((i * 7919) % 300'007) + "\n";
  x.source(text);
  done(x.run());
  CHECK((get(x.plan.target_file()) == text));
}

TEST_CASE("the published folder says what it is, and a second run finds it") {
  film_migration x{films_v1(), films_v2("parquet"), films_mapping()};
  x.source(films_csv);
  const auto first = done(x.run());
  const auto says = read_manifest(x.plan.target_folder());
  REQUIRE(says);
  CHECK(says->migration == "films@v2");
  CHECK(says->rows == 3);
  CHECK(says->file == "films.parquet");
  const auto bytes = get(x.plan.target_file());
  x.plan.attempt = 2;
  auto second = done(x.run());
  CHECK(second.at("already_published") == true);
  second.erase("already_published");
  CHECK(second == first);
  CHECK((get(x.plan.target_file()) == bytes));
}

TEST_CASE("quality rules are measured, and those for information only reported") {
  auto after = films_v2("csv");
  config::quality_rule rule;
  rule.name = "few films";
  rule.must_be.less_than = 2;
  rule.blocking = false;
  after.quality = {rule};
  film_migration x{films_v1(), after, films_mapping()};
  x.source(films_csv);
  const auto quality = done(x.run()).at("quality");
  REQUIRE(quality.size() == 2);
  CHECK(quality[0].at("rule") == "origin must not be null");
  CHECK(quality[0].at("ok") == true);
  CHECK(quality[1].at("rule") == "few films");
  CHECK(quality[1].at("measured") == 3);
  CHECK(quality[1].at("ok") == false);
}

TEST_CASE("a dataset without rows migrates") {
  film_migration x{films_v1(), films_v2("json"), films_mapping()};
  x.source("Title,US Gross,Release Date,Budget,Name,Director\n");
  CHECK(done(x.run()).at("rows") == 0);
}
