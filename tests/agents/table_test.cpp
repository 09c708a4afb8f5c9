#include "agents/table.hpp"

#include "fixtures.hpp"

#include <catch2/catch.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
namespace config = skein::config;

namespace {

/// Opens a file with the given text under a contract and answers the view's rows as text.
struct opened_file {
  temporary_folder folder;
  std::unique_ptr<database> db;
  outcome<table> result = give_up("not opened");

  opened_file(std::string_view text, config::contract of) {
    const auto file = folder.path() / "data" / "file";
    put(file, text);
    database_options options;
    options.memory_bytes = 128u << 20;
    options.scratch = folder.path() / "scratch";
    options.allowed_directories = {folder.path() / "data"};
    auto opened = database::open(options);
    REQUIRE(opened);
    db = std::move(*opened);
    auto canonical = with_canonical_types(*db, std::move(of));
    REQUIRE(canonical);
    result = open_table(*db, *canonical, file, "t");
  }

  /// Every row as one text, null columns as `-`.
  std::vector<std::string> rows() {
    if (!result)
      FAIL(result.error().what);
    const auto all = db->query("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM t");
    if (!all)
      FAIL(all.error().what);
    std::vector<std::string> texts;
    for (const auto& row : all->rows) {
      std::string joined;
      for (const auto& value : row)
        joined += (&value == row.data() ? "" : "|") + value.value_or("-");
      texts.push_back(joined);
    }
    return texts;
  }

  std::string why() {
    REQUIRE(!result);
    return result.error().what;
  }
};

config::contract in(std::string format, std::vector<config::column> columns) {
  return contract("v1", "films/v1/file", std::move(format), std::move(columns));
}

using texts = std::vector<std::string>;

bool mentions(const std::string& text, std::initializer_list<const char*> parts) {
  for (const auto* part : parts)
    if (text.find(part) == std::string::npos) {
      UNSCOPED_INFO("\"" << part << "\" is not in: " << text);
      return false;
    }
  return true;
}

} // namespace

TEST_CASE("CSV: unquoted empty fields are null, quoted ones empty texts") {
  opened_file x{
      "b,\"a a\",n\n\"\",x,1\n,\"q \"\"z\"\"\",\n\"-\",\"\",\"\"\n",
      in("csv", {column("a a", "VARCHAR"), column("b", "VARCHAR"), column("n", "BIGINT")})};
  CHECK(x.rows() == texts{"x||1", "q \"z\"|-|-", "|-|-"});
}

TEST_CASE("CSV: windows line ends, a byte order mark and another delimiter") {
  auto of = in("csv", {column("a", "BIGINT"), column("b", "DATE")});
  of.where.delimiter = ";";
  opened_file x{"\xef\xbb\xbf"
                "a;b\r\n1;2020-01-02\r\n",
                of};
  CHECK(x.rows() == texts{"1|2020-01-02"});
}

TEST_CASE("JSON: numbers and texts mixed, absent keys, nested values") {
  opened_file x{
      R"([{"t":21,"s":{"k":1,"l":[1,2]}}, {"t":"x","s":null}, {"s":{"k":2}}])",
      in("json", {column("t", "VARCHAR"), column("s", "STRUCT(k INTEGER, l INTEGER[])")})};
  CHECK(x.rows() == texts{"21|{'k': 1, 'l': [1, 2]}", "x|-", "-|{'k': 2, 'l': NULL}"});
}

TEST_CASE("JSON: one object is one record") {
  opened_file x{"{\n \"a\": 1\n}\n", in("json", {column("a", "BIGINT")})};
  CHECK(x.rows() == texts{"1"});
}

TEST_CASE("JSON: records below a path") {
  auto of = in("json", {column("a", "VARCHAR"), column("p", "STRUCT(x INTEGER)")});
  of.where.record_path = "data.the rows";
  opened_file x{R"({"n":1,"data":{"the rows":[{"a":1,"p":{"x":1}},{"a":"two"}]}})", of};
  CHECK(x.rows() == texts{"1|{'x': 1}", "two|-"});
  of.where.record_path = "data.nothing";
  opened_file missing{R"({"data":{"rows":[]}})", of};
  CHECK(mentions(missing.why(), {"no list of records under \"data.nothing\""}));
}

TEST_CASE("JSON: no records have no columns to be wrong") {
  CHECK(opened_file{"[]", in("json", {column("a", "BIGINT")})}.rows().empty());
}

TEST_CASE("NDJSON: one record a line") {
  opened_file x{"{\"a\":1}\n{\"a\":2}\n", in("ndjson", {column("a", "BIGINT")})};
  CHECK(x.rows() == texts{"1", "2"});
}

TEST_CASE("a file must have exactly the columns of its contract") {
  opened_file csv{"a,c\n1,2\n", in("csv", {column("a", "BIGINT"), column("b", "BIGINT")})};
  CHECK(mentions(csv.why(), {"films v1", "missing: \"b\"", "not in the contract: \"c\""}));
  opened_file json{R"([{"a":1},{"a":1,"z":2}])", in("json", {column("a", "BIGINT")})};
  CHECK(mentions(json.why(), {"missing: none", "not in the contract: \"z\""}));
  opened_file twice{"a,a\n1,2\n", in("csv", {column("a", "BIGINT")})};
  CHECK(mentions(twice.why(), {"two columns named \"a\""}));
}

TEST_CASE("the first value that does not fit its type is named with row and column") {
  opened_file csv{"d,n\n2020-01-01,1\n,2\nfoo,3\nbar,4\n",
                  in("csv", {column("d", "DATE"), column("n", "BIGINT")})};
  CHECK(mentions(csv.why(),
                 {"Row 3 of", "column \"d\"", "cannot convert 'foo' to DATE", "films v1"}));
  opened_file json{R"([{"n":1},{"n":2.5}])", in("json", {column("n", "BIGINT")})};
  CHECK(mentions(json.why(), {"Row 2 of", "cannot convert '2.5' to BIGINT"}));
  opened_file whole{R"([{"n":1.0},{"n":3e2}])", in("json", {column("n", "BIGINT")})};
  CHECK(whole.rows() == texts{"1", "300"});
}

TEST_CASE("files that are damaged are refused with the place") {
  opened_file ragged{"a,b\n1,2\n3\n4,5\n",
                     in("csv", {column("a", "BIGINT"), column("b", "BIGINT")})};
  CHECK(mentions(ragged.why(), {"Line: 3", "Expected Number of Columns: 2"}));
  opened_file cut{R"([{"a":1},{"a":)", in("json", {column("a", "BIGINT")})};
  CHECK(mentions(cut.why(), {"Malformed JSON"}));
  opened_file numbers{"[{\"a\":1}, 2]", in("json", {column("a", "BIGINT")})};
  CHECK(mentions(numbers.why(), {"Record 2", "not a JSON object"}));
  opened_file empty{"", in("csv", {column("a", "BIGINT")})};
  CHECK(mentions(empty.why(), {"no complete header line"}));
  opened_file parquet{"not parquet at all", in("parquet", {column("a", "BIGINT")})};
  CHECK(!parquet.why().empty());
}

TEST_CASE("a file that is not there is named") {
  temporary_folder folder;
  auto db = database::open({});
  REQUIRE(db);
  const auto gone = open_table(**db, in("csv", {column("a", "BIGINT")}), "/nonexistent/x.csv", "t");
  REQUIRE(!gone);
  CHECK(mentions(gone.error().what, {"films v1", "/nonexistent/x.csv"}));
}

TEST_CASE("types are resolved to DuckDB's names, unknown ones refused") {
  auto db = database::open({});
  REQUIRE(db);
  auto known = with_canonical_types(
      **db, in("csv", {column("a", "int8"), column("b", "text"), column("c", "struct(x int)")}));
  REQUIRE(known);
  CHECK(known->columns[0].type == "BIGINT");
  CHECK(known->columns[1].type == "VARCHAR");
  CHECK(known->columns[2].type == "STRUCT(x INTEGER)");
  const auto unknown = with_canonical_types(**db, in("csv", {column("a", "BIGTEXT")}));
  REQUIRE(!unknown);
  CHECK(mentions(unknown.error().what, {"films v1", "\"a\"", "BIGTEXT"}));
}
