#include "config/contract.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;
using Catch::Matchers::Contains;

namespace {

const std::string movies = R"(apiVersion: v3.0.2
kind: DataContract
id: urn:movies:v1
name: movies
version: v1
status: active
domain: film
description: {purpose: What films took in.}
servers:
  - {server: warehouse, type: postgres, host: h, port: 1, database: d, schema: s}
  - server: local-disk
    type: local
    path: ./movies/v1/movies.json
    format: json
    customProperties: [{property: recordPath, value: data.rows}]
schema:
  - name: movies
    physicalType: table
    quality:
      - {rule: rowCount, mustBeGreaterThan: 0}
      - {type: text, description: Comes from the trade press.}
    properties:
      - name: Title
        logicalType: string
        required: true
        quality:
          - {rule: nullCheck}
          - {metric: duplicateValues, mustBeLessThan: 2, unit: percent, severity: warning}
      - {name: US Gross, logicalType: integer, primaryKey: true}
      - name: Rating
        logicalType: string
        physicalType: ENUM('G', 'PG')
        quality:
          - {metric: invalidValues, arguments: {validValues: [G, PG]}, name: ratings}
          - type: sql
            query: SELECT count(*) FROM ${object} WHERE ${property} IS NULL
            mustBeBetween: [0, 12.5]
)";

contract parsed(const std::string& text) {
  auto result = parse_contract(text, "c.yaml");
  REQUIRE(lines(result) == "");
  return *result;
}

std::string mistakes_in(const std::string& text) { return lines(parse_contract(text, "c.yaml")); }

} // namespace

TEST_CASE("a contract's head, place and columns are read") {
  auto x = parsed(movies);
  CHECK(x.dataset == "movies");
  CHECK(x.version == "v1");
  CHECK(x.status == "active");
  CHECK(x.description == "What films took in.");
  CHECK(x.where.server == "local-disk");
  CHECK(x.where.path == "movies/v1/movies.json");
  CHECK(x.where.format == "json");
  CHECK(x.where.record_path == "data.rows");
  REQUIRE(x.columns.size() == 3);
  CHECK(x.columns[0].type == "VARCHAR");
  CHECK(x.columns[0].required);
  CHECK_FALSE(x.columns[0].unique);
  CHECK(x.find("Rating")->type == "ENUM('G', 'PG')");
  CHECK(x.find("rating") == nullptr);
}

TEST_CASE("a primary key is required, and unique when it is one column") {
  auto x = parsed(movies);
  CHECK(x.find("US Gross")->required);
  CHECK(x.find("US Gross")->unique);
  auto two = parsed(with(movies, "required: true", "primaryKey: true"));
  CHECK(two.find("Title")->required);
  CHECK_FALSE(two.find("Title")->unique);
}

TEST_CASE("quality rules are read in both spellings of ODCS") {
  auto rules = parsed(movies).quality;
  REQUIRE(rules.size() == 5);
  CHECK(rules[0].what == measure::row_count);
  CHECK(rules[0].must_be.greater_than == 0);
  CHECK(rules[0].column == "");
  CHECK(rules[1].what == measure::null_values);
  CHECK(rules[1].column == "Title");
  CHECK(rules[1].name == "nullValues of Title");
  CHECK(rules[1].must_be.equal == 0);
  CHECK(rules[1].blocking);
  CHECK(rules[2].what == measure::duplicate_values);
  CHECK(rules[2].must_be.less_than == 2);
  CHECK_FALSE(rules[2].must_be.equal);
  CHECK(rules[2].percent);
  CHECK_FALSE(rules[2].blocking);
  CHECK(rules[3].valid_values == std::vector<std::string>{"G", "PG"});
  CHECK(rules[3].name == "ratings");
  CHECK(rules[4].query == "SELECT count(*) FROM ${table} WHERE ${column} IS NULL");
  CHECK(rules[4].must_be.at_least == 0);
  CHECK(rules[4].must_be.at_most == 12.5);
}

TEST_CASE("every logical type but object and array has a default") {
  auto [logical, type] = GENERATE(table<std::string, std::string>({{"string", "VARCHAR"},
                                                                   {"integer", "BIGINT"},
                                                                   {"number", "DOUBLE"},
                                                                   {"boolean", "BOOLEAN"},
                                                                   {"date", "DATE"},
                                                                   {"timestamp", "TIMESTAMP"},
                                                                   {"time", "TIME"}}));
  auto x = parsed(with(movies, "logicalType: integer", "logicalType: " + logical));
  CHECK(x.find("US Gross")->type == type);
}

TEST_CASE("a CSV's delimiter defaults to a comma") {
  auto csv = with(with(movies, "format: json", "format: csv"),
                  "    customProperties: [{property: recordPath, value: data.rows}]\n", "");
  CHECK(parsed(csv).where.delimiter == ",");
  CHECK(parsed(with(csv, "format: csv", "format: csv\n    delimiter: \"\\t\"")).where.delimiter
        == "\t");
  CHECK_THAT(mistakes_in(with(csv, "format: csv", "format: csv\n    delimiter: '::'")),
             Contains("c.yaml:15:16: the delimiter must be one ASCII character, not \"::\""));
}

TEST_CASE("a record path may stand with the whole contract") {
  auto text
      = with(movies, "customProperties: [{property: recordPath, value: data.rows}]", "roles: []")
        + "customProperties: [{property: recordPath, value: features}]\n";
  CHECK(parsed(text).where.record_path == "features");
}

TEST_CASE("what is wrong with a contract is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"apiVersion: v3.0.2", "apiVersion: v2.2.2",
       "c.yaml:1:13: the contract follows ODCS \"v2.2.2\", but only v3 is read; bring it to "
       "v3.0.2"},
      {"kind: DataContract", "kind: Contract", "c.yaml:2:7: \"kind\" must be DataContract"},
      {"status: active", "statsu: active",
       "c.yaml:6:1: the contract has no field \"statsu\"; did you mean \"status\"?"},
      {"id: urn:movies:v1\n", "", "the contract needs a value for \"id\""},
      {"name: movies\n", "name: a/b\n", "c.yaml:4:7: \"a/b\" cannot be the name of a dataset"},
      {"version: v1", "version: v1..2", "cannot be the version of a dataset"},
      {"./movies/v1", "/movies/v1",
       "c.yaml:13:11: the path \"/movies/v1/movies.json\" is absolute"},
      {"./movies/v1", "movies/../..", "climbs up with .."},
      {"./movies/v1", "movies//v1", "an empty or hidden part"},
      {"./movies/v1", ".staging/v1", "an empty or hidden part"},
      {"movies.json", "*.json", "a wildcard"},
      {"movies/v1/movies.json", "", "names no file"},
      {"format: json", "format: jsn",
       "c.yaml:14:13: \"format\" of the local server cannot be \"jsn\"; did you mean \"json\"?"},
      {"format: json", "format: parquet", "recordPath is for the format json only"},
      {"type: local", "type: s3", "none of the servers is of type local"},
      {"servers:", "support:", "must say where its data is"},
      {"name: US Gross", "name: title",
       "c.yaml:29:9: the column \"title\" is there already, at c.yaml:23:9 (case aside)"},
      {"logicalType: integer", "logicalType: array",
       "c.yaml:29:9: the column \"US Gross\" needs a physicalType"},
      {"logicalType: integer", "logicalType: int", "cannot be \"int\""},
      {"ENUM('G', 'PG')", "BIGINT); DROP TABLE x",
       "c.yaml:32:23: \"BIGINT); DROP TABLE x\" is not a SQL type"},
      {"properties:", "propertys:", "did you mean \"properties\"?"},
      {"rule: rowCount", "rule: rowcont",
       "c.yaml:20:16: there is no metric \"rowcont\"; did you mean \"rowCount\"?"},
      {"mustBeGreaterThan: 0", "unit: rows", "c.yaml:20:9: the rule \"rowCount\" needs a bound"},
      {"mustBeGreaterThan: 0", "mustBeGreaterThan: few", "must be a number"},
      {"mustBeGreaterThan: 0", "mustBe: 1, unit: percent", "the number of rows is not a share"},
      {"mustBeGreaterThan: 0", "mustNotBeBetween: [1, 2]", "write a rule of type sql"},
      {"rule: rowCount", "rule: nullValues", "move the rule to the \"quality\" of that column"},
      {"rule: nullCheck", "rule: rowCount", "move the rule to the \"quality\" of the table"},
      {"severity: warning", "severity: warn", "did you mean \"warning\"?"},
      {"validValues: [G, PG]", "validValues: []", "needs the list of valid values"},
      {"validValues: [G, PG]", "pattern: x", "regexp_full_match"},
      {"mustBeBetween: [0, 12.5]", "mustBeBetween: [2, 1]", "the smaller one first"},
      {"type: sql", "type: custom", "need an engine that Skein does not have"},
      {"mustBeGreaterThan: 0}", "mustBe: 0}\n      - {type: sql, query: \"${column}\", mustBe: 0}",
       "${column} stands for nothing in a rule of the whole table"},
  }));
  CAPTURE(part, instead);
  CHECK_THAT(mistakes_in(with(movies, part, instead)), Contains(message));
}

TEST_CASE("a contract file holds one contract of one table") {
  CHECK(mistakes_in("") == "c.yaml:1:1: the file must hold exactly one document, but it holds 0");
  CHECK_THAT(mistakes_in(movies + "---\n" + movies), Contains("but it holds 2"));
  CHECK_THAT(mistakes_in(movies + "  - {name: more, properties: []}\n"),
             Contains("c.yaml:17:3: the contract must describe exactly one table"));
  CHECK_THAT(mistakes_in("[]"), Contains("the contract must be a map of fields, not a list"));
}

TEST_CASE("all mistakes of a contract come at once, in order") {
  auto text = with(with(with(movies, "kind: DataContract", "kind: X"), "format: json", "format: y"),
                   "rule: rowCount", "rule: z");
  auto said = mistakes_in(text);
  CHECK(said.find("c.yaml:2:") == 0);
  CHECK_THAT(said, Contains("\nc.yaml:14:") && Contains("\nc.yaml:20:"));
}
