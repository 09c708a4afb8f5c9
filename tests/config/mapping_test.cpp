#include "config/contract.hpp"
#include "config/mapping.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;
using Catch::Matchers::Contains;

namespace {

const std::string written = R"(mapping:
  dataset: movies
  from: v1
  to: v2
  rules:
    - {column: title, rename: Title}
    - {column: us_gross, cast: US Gross}
    - {column: release_date, cast: Release Date, format: "%b %d %Y", on_error: null}
    - {column: profit, expression: '"Gross" - "Budget"', reads: [Gross, Budget]}
    - {column: source, default: vega}
    - {column: rating, decide: "Is an unrated movie null or Not Rated?"}
    - {drop: [Director, Source]}
)";

contract with_columns(const std::string& version, std::vector<column> columns) {
  contract x;
  x.dataset = "movies";
  x.version = version;
  x.columns = std::move(columns);
  return x;
}

column of(const std::string& name, const std::string& type) {
  column x;
  x.name = name;
  x.type = type;
  return x;
}

const contract before = with_columns(
    "v1", {of("Title", "VARCHAR"), of("US Gross", "VARCHAR"), of("Release Date", "VARCHAR"),
           of("Gross", "BIGINT"), of("Budget", "BIGINT"), of("rating", "VARCHAR"),
           of("Director", "VARCHAR"), of("Source", "VARCHAR"), of("votes", "INT8")});
const contract after
    = with_columns("v2", {of("votes", "BIGINT"), of("title", "TEXT"), of("us_gross", "BIGINT"),
                          of("release_date", "DATE"), of("profit", "BIGINT"),
                          of("source", "VARCHAR"), of("rating", "VARCHAR")});

mapping parsed(const std::string& text) {
  auto result = parse_mapping(text, "m.yaml");
  REQUIRE(lines(result) == "");
  return *result;
}

std::string mistakes_in(const std::string& text) { return lines(parse_mapping(text, "m.yaml")); }

std::string against_contracts(const std::string& text) {
  return lines(complete(parsed(text), before, after));
}

} // namespace

TEST_CASE("every kind of rule is read") {
  auto x = parsed(written);
  CHECK(x.dataset == "movies");
  CHECK(x.from == "v1");
  CHECK(x.to == "v2");
  CHECK(x.dropped == std::vector<std::string>{"Director", "Source"});
  REQUIRE(x.rules.size() == 6);
  CHECK(x.rules[0].kind == rule_kind::rename);
  CHECK(x.rules[0].reads == std::vector<std::string>{"Title"});
  CHECK(x.rules[0].origin == "m.yaml:6:7");
  CHECK(x.rules[1].kind == rule_kind::cast);
  CHECK_FALSE(x.rules[1].null_on_error);
  CHECK(x.rules[2].format == "%b %d %Y");
  CHECK(x.rules[2].null_on_error);
  CHECK(x.rules[3].kind == rule_kind::expression);
  CHECK(x.rules[3].expression == "\"Gross\" - \"Budget\"");
  CHECK(x.rules[3].reads == std::vector<std::string>{"Gross", "Budget"});
  CHECK(x.rules[4].kind == rule_kind::constant);
  CHECK(x.rules[4].expression == "vega");
  CHECK(x.rules[5].kind == rule_kind::decide);
  CHECK_THAT(x.rules[5].question, Contains("unrated"));
}

TEST_CASE("what is wrong with a mapping is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"mapping:", "maping:", "m.yaml:1:1: the document has no field \"maping\"; did you mean"},
      {"  to: v2", "  to: v1", "m.yaml:4:7: the mapping leads from \"v1\" to the same version"},
      {"  to: v2\n", "", "the mapping needs a value for \"to\""},
      {"dataset: movies", "dataset: a/b", "cannot be a name or version"},
      {"{column: title, rename", "{column: title, default: 1, rename",
       "m.yaml:6:32: a rule is either a \"rename\" or a \"default\", not both"},
      {", rename: Title", "", "m.yaml:6:7: the rule must say how the column comes about"},
      {"rename: Title", "renmae: Title", "did you mean \"rename\"?"},
      {"column: title, ", "", "the rule needs a value for \"column\""},
      {", reads: [Gross, Budget]", "", "m.yaml:9:7: the expression needs \"reads\""},
      {"rename: Title", "rename: Title, reads: [x]", "\"reads\" is only for rules with expression"},
      {"rename: Title", "rename: Title, on_error: null",
       "\"on_error\" is only for rules with cast"},
      {"rename: Title", "rename: Title, format: x", "\"format\" is only for rules with cast"},
      {"on_error: null", "on_error: skip", "\"on_error\" must be null"},
      {"default: vega", "default: null", "expression: \"NULL\" with reads: []"},
      {"column: us_gross", "column: title",
       "m.yaml:7:16: a rule for the column \"title\" is there already, at m.yaml:6:16"},
      {"[Director, Source]", "[Source, Source]",
       "a drop of the column \"Source\" is there already"},
      {"{drop: [", "{column: x, drop: [", "the rule has no field \"column\""},
      {"rename: Title", "rename: [a]", "must be text, not a list"},
  }));
  CAPTURE(part, instead);
  CHECK_THAT(mistakes_in(with(written, part, instead)), Contains(message));
}

TEST_CASE("a completed mapping has one rule for each new column, in the contract's order") {
  auto x = complete(parsed(written), before, after);
  REQUIRE(lines(x) == "");
  REQUIRE(x->rules.size() == after.columns.size());
  for (std::size_t i = 0; i < after.columns.size(); ++i)
    CHECK(x->rules[i].column == after.columns[i].name);
  CHECK(x->rules[0].kind == rule_kind::keep);
  CHECK(x->rules[0].reads == std::vector<std::string>{"votes"});
  CHECK(x->rules[6].reads == std::vector<std::string>{"rating"});
}

TEST_CASE("a mapping that does not fit its contracts says where and why") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"to: v2", "to: v3",
       "m.yaml:1:1: the mapping is for movies v1..v3, but the contracts are movies v1 and movies "
       "v2"},
      {"rename: Title", "rename: Titel",
       "m.yaml:6:7: movies v1 has no column \"Titel\"; did you mean \"Title\"?"},
      {"column: title", "column: tittle", "m.yaml:6:7: movies v2 has no column \"tittle\""},
      {"    - {column: title, rename: Title}\n", "",
       "no rule says where the column \"title\" of movies v2 comes from; add one, perhaps {column: "
       "title, rename: Title}"},
      {"cast: US Gross", "rename: US Gross",
       "m.yaml:7:7: the column \"us_gross\" is BIGINT in movies v2, but \"US Gross\" is VARCHAR in "
       "movies v1; write {column: us_gross, cast: US Gross}"},
      {"[Director, Source]", "[Director]",
       "the column \"Source\" of movies v1 is neither carried over nor dropped; write {drop: "
       "[Source]}"},
      {"[Director, Source]", "[Director, Source, Boss]", "movies v1 has no column \"Boss\""},
      {"[Director, Source]", "[Director, Source, Title]",
       "m.yaml:6:7: the column \"Title\" is dropped, and carried over as \"title\""},
      {"[Director, Source]", "[Director, Source, votes]",
       "the column \"votes\" is dropped, but movies v2 still has it"},
      {"reads: [Gross, Budget]", "reads: [Gross]", "the column \"Budget\" of movies v1 is neither"},
  }));
  CAPTURE(part, instead);
  CHECK_THAT(against_contracts(with(written, part, instead)), Contains(message));
}

TEST_CASE("an expression may read a column that is dropped") {
  CHECK(against_contracts(with(written, "[Director, Source]", "[Director, Source, Budget]")) == "");
}

TEST_CASE("a required column cannot become null on error") {
  auto strict = after;
  strict.columns[3].required = true;
  CHECK_THAT(lines(complete(parsed(written), before, strict)),
             Contains("m.yaml:8:7: the column \"release_date\" is required in movies v2"));
}

TEST_CASE("a kept column must keep its type") {
  auto other = after;
  other.columns[0].type = "DOUBLE";
  CHECK_THAT(lines(complete(parsed(written), before, other)),
             Contains("write {column: votes, cast: votes}"));
}
