#include "actors/list_row.hpp"

#include "query_fixture.hpp"

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

struct fixture : query_fixture {
  /// The ids under a prefix of the view's keys.
  ids under(const std::string& prefix) {
    project();
    ids found;
    REQUIRE(view->scan(prefix, "", store::no_limit, [&](std::string_view key, std::string_view) {
      found.emplace_back(key.substr(prefix.size()));
      return true;
    }));
    return found;
  }

  ids in_phase(const char* phase) { return under(phase_prefix(phase)); }
  ids of_owner(const char* owner) { return under(owner_prefix(owner)); }

  void park(const std::string& id, const std::string& step) {
    story.start(id, step);
    story.finish(id, step, migration::setback{error_class::permanent, "the disk is full"});
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a migration is found by the phase it is in, and by no other") {
  const auto cars = story.request("cars"), jobs = story.request("jobs");
  CHECK(in_phase("running") == ids{cars, jobs});
  story.give(jobs, migration::cancel{}, "ann", "not worth it");
  park(cars, "discover");
  CHECK(in_phase("running").empty());
  CHECK(in_phase("cancelled") == ids{jobs});
  CHECK(under(std::string{phase_key}) == ids{"cancelled/" + jobs}); // failed ones are under "f/"
  CHECK(under(std::string{failed_key}) == ids{cars});
  story.give(cars, migration::retry{}, "ann", "there is room now");
  CHECK(in_phase("running") == ids{cars});
  CHECK(under(std::string{failed_key}).empty());
}

TEST_CASE_METHOD(fixture, "a migration is found by its owner, and by the new one once it has one") {
  const auto cars = story.request("cars"), jobs = story.request("jobs");
  CHECK(under(std::string{owner_key}).empty());
  story.succeed(cars, "discover", "{}", {{"owner", "sky"}});
  story.succeed(jobs, "discover", "{}", {{"owner", "sky"}});
  CHECK(of_owner("sky") == ids{cars, jobs});
  CHECK(listed({{"owner", "sky"}}) == ids{cars, jobs});
  story.succeed(cars, "validate-dependencies", "{}", {{"owner", "sky/sea"}});
  CHECK(of_owner("sky") == ids{jobs});
  CHECK(listed({{"owner", "sky"}}) == ids{jobs});
  CHECK(listed({{"owner", "sky/sea"}}) == ids{cars});
  CHECK(listed({{"label", "owner=sky/sea"}}) == ids{cars});
  CHECK(listed({{"label", "owner=sky/sea"}, {"owner", "sky"}}).empty());
  CHECK(listed({{"owner", "sk"}}).empty());
}

TEST_CASE_METHOD(fixture, "a list of the few in a phase is the list that a look at all gives") {
  for (int i = 0; i < 9; ++i)
    story.complete("done-" + std::to_string(i));
  const auto cars = story.request("cars"), zoo = story.request("zoo", "v2", "scan-2");
  CHECK(listed({{"state", "running"}}) == ids{cars, zoo});
  CHECK(listed({{"state", "running"}, {"sort", "-requested"}}) == ids{zoo, cars});
  CHECK(listed({{"state", "running"}, {"scan", "scan-2"}}) == ids{zoo});
  CHECK(listed({{"state", "running"}, {"dataset", "c*"}}) == ids{cars});
  CHECK(listed({{"state", "running,cancelled"}}) == ids{cars, zoo});
  CHECK(listed({{"state", "completed"}}).size() == 9);
  CHECK(listed({{"state", "cancelled"}}).empty());
  CHECK(pages({{"state", "running"}}, "1") == ids{cars, zoo});
}

TEST_CASE_METHOD(fixture, "an owner of more migrations than are read at once is listed whole") {
  std::vector<store::view_change> changes;
  ids all;
  for (int i = 0; i < 300; ++i) {
    view_row row{1, 1, {}, ""};
    row.state.labels["owner"] = i % 3 == 0 ? "sea" : "sky";
    const auto id = std::to_string(1000 + i) + "@v2";
    changes.push_back({std::string{list_key} + id, encode_list_row(id, row)});
    changes.push_back({owner_prefix("sky") + id, ""}); // a third of them are not: the rows decide
    if (i % 3 != 0)
      all.push_back(id);
  }
  changes.push_back({owner_prefix("sky") + "1301@v2", ""}); // and this has none
  REQUIRE(view->commit(changes, 0));
  CHECK(listed({{"owner", "sky"}, {"limit", "1000"}}) == all);
  CHECK(pages({{"owner", "sky"}}, "1") == all);
  CHECK(listed({{"owner", "sky"}, {"sort", "id"}, {"limit", "1000"}, {"after", "1297@v2"}})
        == ids{"1298@v2", "1299@v2"});
  CHECK(listed({{"owner", "sky"}, {"dataset", "129*"}}).size() == 7);
}

TEST_CASE_METHOD(fixture, "failures of one owner are those of the owner that rest") {
  const auto cars = story.request("cars"), jobs = story.request("jobs"), zoo = story.request("zoo");
  for (const auto& id : {cars, jobs, zoo})
    story.succeed(id, "discover", "{}", {{"owner", id == zoo ? "sea" : "sky"}});
  park(cars, "validate-dependencies");
  park(zoo, "validate-dependencies");
  CHECK(get("/v1/failures", {{"owner", "sky"}})["migrations"] == 1);
  CHECK(listed({{"owner", "sky"}, {"state", "parked"}}) == ids{cars});
  CHECK(listed({{"owner", "sky"}, {"state", "parked,held"}, {"sort", "-changed"}}) == ids{cars});
}
