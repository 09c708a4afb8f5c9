#include "agents/copy_sql.hpp"
#include "agents/source_sql.hpp"
#include "agents/sql_text.hpp"
#include "agents/transform_sql.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>

using namespace skein::agents;
using namespace skein::agents::test;

TEST_CASE("names and texts are quoted, whatever is in them") {
  CHECK(identifier("US Gross") == "\"US Gross\"");
  CHECK(identifier("a\"b") == "\"a\"\"b\"");
  CHECK(identifier("x\"; DROP TABLE y --") == "\"x\"\"; DROP TABLE y --\"");
  CHECK(literal("it's") == "'it''s'");
}

TEST_CASE("a conversion that may fail has a predicate for it") {
  CHECK(unconvertible("x", "VARCHAR", "VARCHAR").empty());
  CHECK(unconvertible("x", "BIGINT", "VARCHAR").empty());
  CHECK(unconvertible("x", "BIGINT", "BIGINT").empty());
  CHECK(unconvertible("x", "VARCHAR", "DATE") == "(x IS NOT NULL AND TRY_CAST(x AS DATE) IS NULL)");
  CHECK(unconvertible("x", "DATE", "BIGINT").find("trunc") == std::string::npos);
  CHECK(unconvertible("x", "DOUBLE", "BIGINT").find("trunc") != std::string::npos);
}

TEST_CASE("each rule becomes one expression") {
  const auto before = contract("v1", "f/v1/f.csv", "csv",
                               {column("Title", "VARCHAR"), column("When", "VARCHAR"),
                                column("n", "VARCHAR"), column("kept", "BIGINT")});
  const auto after
      = contract("v2", "f/v2/f.csv", "csv",
                 {column("title", "VARCHAR"), column("when", "DATE"), column("n", "DATE"),
                  column("kept", "BIGINT"), column("up", "VARCHAR"), column("c", "INTEGER")});
  const auto columns
      = derive(before,
               mapping({renamed("title", "Title"), cast("when", "When", "%b %d '%Y"),
                        lenient_cast("n", "n"), keep("kept"),
                        expression("up", "upper(Title) -- loud", {"Title"}), constant("c", "7")}),
               after);
  REQUIRE(columns.size() == 6);
  CHECK(columns[0].value == "CAST(\"Title\" AS VARCHAR)");
  CHECK(columns[1].value == "CAST(strptime(CAST(\"When\" AS VARCHAR), '%b %d ''%Y') AS DATE)");
  CHECK(!columns[1].fails.empty());
  CHECK(columns[2].value.starts_with("CASE WHEN "));
  CHECK(columns[3].value == "CAST(\"kept\" AS BIGINT)");
  CHECK(columns[4].value == "CAST((upper(Title) -- loud\n) AS VARCHAR)");
  CHECK(columns[5].value == "CAST('7' AS INTEGER)");
  CHECK(transform_sql({columns[0], columns[5]}, "source")
        == "SELECT CAST(\"Title\" AS VARCHAR) AS \"title\", CAST('7' AS INTEGER) AS \"c\" FROM "
           "\"source\"");
}

TEST_CASE("checksums cover what is carried over, under old and new names") {
  const auto both = contract("v1", "f/v1/f.csv", "csv", {column("a", "BIGINT")});
  const auto after
      = contract("v2", "f/v2/f.csv", "csv", {column("b", "BIGINT"), column("c", "VARCHAR")});
  const auto columns = derive(both, mapping({renamed("b", "a"), constant("c", "x")}), after);
  CHECK(checksum_sql(columns, "source", false)
        == "SELECT count(*), count(CAST(\"a\" AS BIGINT)), CAST(coalesce(sum(hash(CAST(\"a\" AS "
           "BIGINT))), 0) AS VARCHAR) FROM \"source\"");
  CHECK(checksum_sql(columns, "target", true)
        == "SELECT count(*), count(\"b\"), CAST(coalesce(sum(hash(\"b\")), 0) AS VARCHAR) FROM "
           "\"target\"");
}

TEST_CASE("files are written in the contract's format") {
  const auto to = [](std::string format) {
    return copy_sql("SELECT 1", contract("v2", "f/v2/f", format, {}).where, "/tmp/it's");
  };
  CHECK(to("parquet") == "COPY (SELECT 1) TO '/tmp/it''s' (FORMAT parquet, COMPRESSION zstd)");
  CHECK(to("json") == "COPY (SELECT 1) TO '/tmp/it''s' (FORMAT json, ARRAY true)");
  CHECK(to("ndjson") == "COPY (SELECT 1) TO '/tmp/it''s' (FORMAT json, ARRAY false)");
  CHECK(to("csv").find("HEADER true, DELIMITER ','") != std::string::npos);
}

TEST_CASE("nested values leave a JSON reader as they are, plain ones as text") {
  const auto raw = [](std::string format, std::string type, std::string stored = {}) {
    return raw_type(contract("v1", "f/v1/f", format, {}).where, column("x", type), stored);
  };
  CHECK(raw("json", "BIGINT") == "VARCHAR");
  CHECK(raw("json", "STRUCT(a BIGINT)") == "STRUCT(a BIGINT)");
  CHECK(raw("ndjson", "BIGINT[]") == "BIGINT[]");
  CHECK(raw("csv", "BIGINT[]") == "VARCHAR");
  CHECK(raw("parquet", "BIGINT", "INTEGER") == "INTEGER");
}
