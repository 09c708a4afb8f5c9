#include "tools/skein/progress_board.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::console;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

json moving(const std::string& id, const std::string& step, const std::string& status) {
  return {{"id", id}, {"phase", "running"}, {"step", step}, {"step_status", status}};
}

} // namespace

TEST_CASE("the board shows what works before what waits, and how far all are") {
  progress_board board{terminal{100, false}};
  board.update({{{"id", "a@v2"}, {"phase", "completed"}},
                moving("b@v2", "notify-consumers", "ready"),
                moving("c@v2", "execute-migration", "running"),
                {{"id", "d@v2"}, {"phase", "held"}}});
  board.note("c@v2", 0.4, "copying");
  const auto lines = board.lines();
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[0], Contains("c@v2") && Contains("40 %") && Contains("copying"));
  CHECK_THAT(lines[1], Contains("b@v2") && Contains("notify-consumers"));
  CHECK_THAT(lines[2], Contains("50 %") && Contains("2 of 4") && Contains("1 held"));
}

TEST_CASE("what does not fit on the board is counted, and nothing that works is left out for it") {
  progress_board board{terminal{80, false}};
  json all = json::array();
  for (int i = 10; i < 40; ++i)
    all.push_back(moving(std::to_string(i) + "@v2", "notify-consumers", "ready"));
  all.push_back(moving("z@v2", "execute-migration", "running"));
  board.update(all);
  const auto lines = board.lines();
  CHECK_THAT(lines.front(), Contains("z@v2"));
  CHECK_THAT(lines.at(lines.size() - 2), Contains("and 19 more"));
}
