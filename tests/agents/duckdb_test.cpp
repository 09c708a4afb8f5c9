#include "agents/duckdb.hpp"

#include "agents/sql_text.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace skein::agents;
using namespace skein::agents::test;

namespace {

struct locked_database {
  temporary_folder folder;
  std::unique_ptr<database> db;

  locked_database() {
    std::filesystem::create_directories(folder.path() / "allowed");
    database_options options;
    options.memory_bytes = 128u << 20;
    options.scratch = folder.path() / "scratch";
    options.allowed_directories = {folder.path() / "allowed"};
    auto opened = database::open(options);
    REQUIRE(opened);
    db = std::move(*opened);
  }
};

} // namespace

TEST_CASE("a query answers texts, nulls and numbers") {
  locked_database x;
  const auto answer = x.db->query("SELECT 42 AS a, NULL AS b, 'x' AS c, 1.5 AS d");
  REQUIRE(answer);
  CHECK(answer->names == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(answer->integer() == 42);
  CHECK(answer->rows[0][1] == std::nullopt);
  CHECK(answer->text(2) == "x");
  CHECK(answer->number(3) == 1.5);
  CHECK(answer->integer(9) == 0);
}

TEST_CASE("nothing outside the allowed folders can be read, written or changed") {
  locked_database x;
  put(x.folder.path() / "secret.csv", "a\n1\n");
  const auto secret = literal((x.folder.path() / "secret.csv").string());
  for (const auto& sql :
       {"SELECT * FROM read_csv(" + secret + ")", "COPY (SELECT 1) TO " + secret,
        std::string{"SELECT * FROM read_text('/etc/passwd')"},
        std::string{"SET enable_external_access = true"}, std::string{"SET memory_limit = '1TB'"},
        std::string{"INSTALL httpfs"}, std::string{"LOAD httpfs"}}) {
    CAPTURE(sql);
    const auto refused = x.db->query(sql);
    REQUIRE(!refused);
    CHECK(refused.error().kind == trouble_kind::permanent);
  }
  CHECK(get(x.folder.path() / "secret.csv") == "a\n1\n");
  const auto inside = literal((x.folder.path() / "allowed" / "x.csv").string());
  CHECK(x.db->query("COPY (SELECT 1 AS a) TO " + inside));
}

TEST_CASE("one query is one statement") {
  locked_database x;
  CHECK(!x.db->query("SELECT 1; SELECT 2"));
  CHECK(!x.db->check("SELECT 1; SELECT 2"));
  CHECK(x.db->check("SELECT 1"));
}

TEST_CASE("an interrupt ends a statement and refuses further ones") {
  locked_database x;
  std::thread stopper{[&] {
    while (!x.db->interrupted())
      x.db->interrupt();
    for (int i = 0; i < 50; ++i) { // the first may come before the statement runs
      x.db->interrupt();
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }};
  const auto ended = x.db->query("SELECT sum(hash(a.range * b.range)) FROM range(10000000) a, "
                                 "range(1000000) b");
  stopper.join();
  REQUIRE(!ended);
  CHECK(ended.error().kind == trouble_kind::transient);
  const auto refused = x.db->query("SELECT 1");
  REQUIRE(!refused);
  CHECK(refused.error().kind == trouble_kind::transient);
}

TEST_CASE("more than the memory limit says what to raise") {
  locked_database x;
  const auto refused
      = x.db->query("SELECT length(string_agg(CAST(range AS VARCHAR), ',')) FROM range(30000000)");
  REQUIRE(!refused);
  CHECK(refused.error().kind == trouble_kind::permanent);
  CHECK(refused.error().what.find("higher memory limit") != std::string::npos);
}

TEST_CASE("messages lose DuckDB's hints and line breaks") {
  CHECK(first_sentence("Conversion Error: no\n\nLINE 1: SELECT") == "Conversion Error: no");
  CHECK(first_sentence("CSV Error on Line: 3\nFound: 1\nPossible fixes:\n* x")
        == "CSV Error on Line: 3; Found: 1");
}
