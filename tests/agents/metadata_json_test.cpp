#include "agents/metadata_json.hpp"

#include "agents/scan.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace skein::agents;

TEST_CASE("a dataset without a target has nothing pending") {
  const auto x = parse_dataset(R"({"id": "a", "title": "A", "owner": "group:default/x",
                                   "owner_email": null, "criticality": "low", "more": [],
                                   "current_version": "v1", "target_version": null,
                                   "pending": false, "revision": 7})");
  REQUIRE(x);
  CHECK(x->target_version.empty());
  CHECK(x->owner_email.empty());
  CHECK(x->revision == 7);
}

TEST_CASE("answers that are not what the API says are refused") {
  for (const auto* bad : {"", "[]", "{}", R"({"id": 3, "current_version": "v1"})",
                          R"({"id": "a", "current_version": "v1", "pending": "yes"})"}) {
    CAPTURE(bad);
    const auto refused = parse_dataset(bad);
    REQUIRE(!refused);
    CHECK(refused.error().kind == trouble_kind::permanent);
  }
  CHECK(!parse_page(R"({"next": null})"));
  CHECK(!parse_consumers(R"({"consumers": [{"name": "x"}]})"));
}

TEST_CASE("undeclared columns are not the same as none") {
  const auto all = parse_consumers(R"({"consumers": [
      {"ref": "component:default/a", "name": "a", "columns": null, "depth": 2, "via": "b"},
      {"ref": "component:default/b", "name": "b", "columns": []}]})");
  REQUIRE(all);
  CHECK(!all->at(0).columns);
  CHECK(all->at(0).depth == 2);
  CHECK(all->at(1).columns->empty());
  CHECK(all->at(1).depth == 1);
}

TEST_CASE("a status says whether trying again makes sense") {
  const auto kind = [](int status) { return trouble_of_response(status, "", "GET /x").kind; };
  CHECK(kind(400) == trouble_kind::permanent);
  CHECK(kind(404) == trouble_kind::not_found);
  CHECK(kind(409) == trouble_kind::conflict);
  CHECK(kind(429) == trouble_kind::transient);
  CHECK(kind(500) == trouble_kind::transient);
  CHECK(kind(503) == trouble_kind::transient);
  const auto conflict
      = trouble_of_response(409, R"({"title": "t", "detail": "d", "found": "v3"})", "POST /x");
  CHECK(conflict.found == "v3");
  CHECK(conflict.what == "POST /x was answered with 409: d");
}

TEST_CASE("path segments are percent-encoded") {
  CHECK(percent_encoded("population.us") == "population.us");
  CHECK(percent_encoded("a b/c\xc3\xa4") == "a%20b%2Fc%C3%A4");
}

TEST_CASE("only datasets that have somewhere to go are asked for") {
  dataset pending{"a", "", "", "", "", "v1", "v2", true, 1};
  auto done = pending, nothing = pending;
  done.current_version = "v2";
  nothing.target_version.clear();
  const auto requests = requests_of({pending, done, nothing}, "s");
  REQUIRE(requests.size() == 1);
  CHECK(message_id_of(requests[0]) == "s:a@v2");
}

TEST_CASE("every scan has an id of its own") {
  CHECK(new_scan_id() != new_scan_id());
  CHECK(new_scan_id().size() == std::string{"20261122T221725Z-01234567"}.size());
}
