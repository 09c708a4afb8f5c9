#include "agents/changes.hpp"

#include "fixtures.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::agents;
using namespace skein::agents::test;

namespace skein::agents {
std::ostream& operator<<(std::ostream& out, const change& x) { return out << to_json(x).dump(); }
} // namespace skein::agents

TEST_CASE("changes are listed column by column, old ones first") {
  const auto before = contract("v1", "f/v1/f.csv", "csv",
                               {column("Title", "VARCHAR"), column("Gross", "VARCHAR"),
                                column("When", "VARCHAR"), column("Budget", "BIGINT"),
                                column("Name", "VARCHAR"), column("Director", "VARCHAR")});
  const auto after
      = contract("v2", "f/v2/f.csv", "csv",
                 {column("title", "VARCHAR"), column("gross", "BIGINT"), column("when", "DATE"),
                  column("Budget", "BIGINT"), column("first", "VARCHAR"), column("last", "VARCHAR"),
                  column("origin", "VARCHAR"), column("rating", "VARCHAR")});
  const auto rules = mapping({renamed("title", "Title"), lenient_cast("gross", "Gross"),
                              cast("when", "When", "%b %d %Y"), keep("Budget"),
                              expression("first", "split_part(Name, ' ', 1)", {"Name"}),
                              expression("last", "split_part(Name, ' ', 2)", {"Name"}),
                              constant("origin", "vega"), decide("rating", "Which scale?")},
                             {"Director"});
  CHECK(changes_between(before, rules, after)
        == std::vector<change>{
            {change_kind::renamed, "Title", "title", "same values under a new name"},
            {change_kind::cast, "Gross", "gross",
             "VARCHAR becomes BIGINT, what cannot be converted becomes null"},
            {change_kind::cast, "When", "when", "VARCHAR becomes DATE, read as \"%b %d %Y\""},
            {change_kind::computed, "Name", "first, last", "goes into the computed first, last"},
            {change_kind::dropped, "Director", "", "goes away"},
            {change_kind::added, "first", "", "computed from Name: split_part(Name, ' ', 1)"},
            {change_kind::added, "last", "", "computed from Name: split_part(Name, ' ', 2)"},
            {change_kind::added, "origin", "", "the constant 'vega' in every row"},
            {change_kind::undecided, "rating", "", "Which scale?"},
        });
}

TEST_CASE("nothing changes when every column is kept") {
  const auto same = contract("v1", "f/v1/f.csv", "csv", {column("a", "BIGINT")});
  CHECK(changes_between(same, mapping({keep("a")}), same).empty());
}

TEST_CASE("a change in JSON has a new name only where there is one") {
  CHECK(to_json(change{change_kind::renamed, "a", "b", "d"})
        == nlohmann::json{{"column", "a"}, {"change", "renamed"}, {"to", "b"}, {"detail", "d"}});
  CHECK(!to_json(change{change_kind::dropped, "a", "", "goes away"}).contains("to"));
}
