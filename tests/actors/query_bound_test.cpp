#include "actors/api/query_api.hpp"

#include "actors/list_row.hpp"
#include "store/memory_log.hpp"
#include "store/memory_view.hpp"
#include "told_log.hpp"

#include <nlohmann/json.hpp>

using namespace skein;
using namespace skein::actors;

TEST_CASE("a filter that lets little through is answered piece by piece, and misses nothing") {
  store::memory_log log;
  store::memory_view view;
  view_row row{1, 1, {}, ""};
  row.state.phase = migration::phase::running;
  std::vector<store::view_change> rows;
  for (int i = 0; i < 60'000; ++i)
    rows.push_back({std::string{list_key} + std::to_string(100'000 + i) + "@v2",
                    encode_list_row(std::to_string(100'000 + i) + "@v2", row)});
  row.state.phase = migration::phase::completed;
  rows.back().row = encode_list_row("159999@v2", row);
  REQUIRE(view.commit(rows, 0));
  const query_api api{log, view, [] { return test::midnight; }};
  std::vector<std::string> found;
  query_parameters query{{"phase", "completed"}};
  std::size_t pages = 0;
  for (nlohmann::json next = ""; next.is_string(); ++pages) {
    REQUIRE(pages < 7);
    query["after"] = next;
    const auto page = nlohmann::json::parse(api.get("/v1/migrations", query).body);
    for (const auto& each : page["migrations"])
      found.push_back(each["id"]);
    next = page["next"];
  }
  CHECK(pages == 6);
  CHECK(found == std::vector<std::string>{"159999@v2"});
}
