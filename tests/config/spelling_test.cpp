#include "config/spelling.hpp"
#include "config/sql_type.hpp"

#include "config/contract.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;

TEST_CASE("the nearest word is found through the usual slips") {
  std::vector<std::string> known{"command", "concurrency", "channel", "volumes"};
  CHECK(nearest("comand", known) == "command");
  CHECK(nearest("Command", known) == "command");
  CHECK(nearest("cmomand", known) == "command");
  CHECK(nearest("volume", known) == "volumes");
  CHECK(nearest("colour", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest(std::string(1000, 'x'), known).empty());
  CHECK(suggestion("x", known) == "; known are command, concurrency, channel and volumes");
  CHECK(suggestion("x", {}) == "; there are none");
}

TEST_CASE("quoting keeps a message one readable line") {
  CHECK(quote("a\nb\x1b[31m") == "\"a?b?[31m\"");
  CHECK(quote(std::string(100, 'x')) == "\"" + std::string(80, 'x') + "…\"");
  CHECK(quote(std::string(79, 'x') + "üü") == "\"" + std::string(79, 'x') + "…\"");
}

TEST_CASE("names fit into subjects, paths and URLs") {
  for (const char* good : {"movies", "population.us", "V1.0.2", "a_b-c", "7"})
    CHECK(is_name(good));
  for (const char* bad : {"", "a b", "a/b", "../a", "a..b", ".a", "-a", "a@v1", "ü", "a>b"})
    CHECK_FALSE(is_name(bad));
  CHECK_FALSE(is_name(std::string(64, 'a')));
}

TEST_CASE("types that DuckDB takes for one another are the same") {
  CHECK(is_same_type("text", "VARCHAR(20)"));
  CHECK(is_same_type("int8", "BIGINT"));
  CHECK(is_same_type("DECIMAL(18, 2)", "numeric(18,2)"));
  CHECK(is_same_type("NUMERIC", "DECIMAL(18,3)"));
  CHECK(is_same_type("timestamp  with time zone", "TIMESTAMPTZ"));
  CHECK(is_same_type("STRUCT(a INT, b TEXT[])", "struct(A integer,B varchar[])"));
  CHECK_FALSE(is_same_type("INTEGER", "BIGINT"));
  CHECK_FALSE(is_same_type("DECIMAL(18,2)", "DECIMAL(18,3)"));
  CHECK_FALSE(is_same_type("VARCHAR", "VARCHAR[]"));
  CHECK_FALSE(is_same_type("ENUM('a')", "ENUM('A')"));
  // What stands in quotes is a name or a value, and no type.
  CHECK_FALSE(is_same_type("ENUM('DOUBLE')", "ENUM('DOUBLE PRECISION')"));
  CHECK_FALSE(is_same_type(R"x(STRUCT("VARCHAR(1)" INT))x", R"x(STRUCT("VARCHAR(2)" INT))x"));
  CHECK(is_same_type("double precision", "FLOAT8"));
  CHECK(is_same_type("STRUCT(a CHARACTER VARYING(20))", "STRUCT(a TEXT)"));
}

TEST_CASE("nothing but a type passes for one") {
  for (const char* good : {"BIGINT", "DECIMAL(18,2)", "STRUCT(a INTEGER, \"b c\" DATE)",
                           "MAP(VARCHAR, INTEGER[])", "ENUM('a;b', 'c')", "VARCHAR[3]"})
    CHECK(looks_like_type(good));
  for (const char* bad : {"", "1", "BIGINT); DROP TABLE x", "BIGINT --", "DECIMAL(18", "x)",
                          "ENUM('a", "a(]", "BIGINT\nx"})
    CHECK_FALSE(looks_like_type(bad));
}
