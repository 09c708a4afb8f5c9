#include "agents/quality.hpp"

#include "agents/duckdb.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
namespace config = skein::config;

namespace {

config::quality_rule rule(config::measure what, std::string column = {}) {
  config::quality_rule x;
  x.what = what;
  x.name = "the rule";
  x.column = std::move(column);
  return x;
}

/// What the last check of a contract measures on: 5 rows, `x` = 1, 1, 2, null, null.
double measured(const config::contract& of) {
  temporary_folder folder;
  database_options options;
  options.memory_bytes = 128u << 20;
  options.scratch = folder.path();
  auto db = database::open(options);
  REQUIRE(db);
  REQUIRE((*db)->query("CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a'), (1, 'b'), (2, 'a'), "
                       "(NULL, 'a'), (NULL, NULL)) v(x, \"y y\")"));
  const auto checks = quality_checks(of, "t");
  REQUIRE(!checks.empty());
  const auto answer = (*db)->query(checks.back().sql);
  if (!answer)
    FAIL(checks.back().sql << ": " << answer.error().what);
  return answer->number();
}

double measured(config::quality_rule x) {
  config::contract of;
  of.quality = {std::move(x)};
  return measured(of);
}

config::contract with_columns(std::vector<config::column> columns) {
  return contract("v1", "a/v1/a.csv", "csv", std::move(columns));
}

} // namespace

TEST_CASE("each kind of rule measures what it says") {
  CHECK(measured(rule(config::measure::row_count)) == 5);
  CHECK(measured(rule(config::measure::null_values, "x")) == 2);
  CHECK(measured(rule(config::measure::duplicate_values, "x")) == 1);
  CHECK(measured(rule(config::measure::duplicate_values, "y y")) == 2);
  auto values = rule(config::measure::invalid_values, "y y");
  values.valid_values = {"a", "it's"};
  CHECK(measured(values) == 1);
  auto sql = rule(config::measure::sql, "y y");
  sql.query = "SELECT count(*) FROM ${table} WHERE ${column} = 'a' -- comment";
  CHECK(measured(sql) == 3);
}

TEST_CASE("a share is measured in percent of all rows") {
  auto nulls = rule(config::measure::null_values, "x");
  nulls.percent = true;
  CHECK(measured(nulls) == 40);
  auto sql = rule(config::measure::sql, "x");
  sql.percent = true;
  sql.query = "SELECT count(*) FROM ${table} WHERE x = 2 -- comment";
  CHECK(measured(sql) == 20);
}

TEST_CASE("columns promise to be required and unique") {
  auto unique = column("x", "BIGINT");
  unique.unique = true;
  CHECK(measured(with_columns({unique})) == 1);
  CHECK(measured(with_columns({column("x", "BIGINT", true)})) == 2);
}

TEST_CASE("numbers that JSON cannot hold are found, other formats may have them") {
  auto of = with_columns({column("1 / (x - 2)", "DOUBLE")});
  CHECK(quality_checks(of, "t").empty());
  of.where.format = "ndjson";
  const auto checks = quality_checks(of, "t");
  REQUIRE(checks.size() == 1);
  CHECK(checks[0].name == "1 / (x - 2) must be finite numbers in JSON");
  of.columns = {column("x", "DOUBLE")};
  CHECK(measured(of) == 0);
}

TEST_CASE("a primary key is required, and unique as a whole") {
  auto x = column("x", "BIGINT"), y = column("y y", "VARCHAR");
  x.primary_key = true;
  y.primary_key = true;
  const auto checks = quality_checks(with_columns({x, y}), "t");
  REQUIRE(checks.size() == 3);
  CHECK(checks[0].name == "x must not be null");
  CHECK(checks[2].name == "x, y y must be unique");
  CHECK(measured(with_columns({x, y})) == 0);
  y.primary_key = false;
  CHECK(measured(with_columns({x, y})) == 1);
}

TEST_CASE("a measure is held against every bound") {
  config::bounds between;
  between.at_least = 1;
  between.at_most = 10;
  CHECK(within(1, between));
  CHECK(within(10, between));
  CHECK(!within(0.5, between));
  CHECK(!within(11, between));
  CHECK(to_string(between) == "at least 1 and at most 10");
  config::bounds strict;
  strict.greater_than = 1;
  strict.less_than = 3;
  strict.not_equal = 2;
  CHECK(!within(1, strict));
  CHECK(!within(2, strict));
  CHECK(within(2.5, strict));
  CHECK(!within(3, strict));
  config::bounds exact;
  exact.equal = 3201000;
  CHECK(within(3201000, exact));
  CHECK(!within(3200999, exact));
  CHECK(to_string(exact) == "equal to 3201000");
}
