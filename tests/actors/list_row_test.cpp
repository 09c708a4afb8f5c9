#include "actors/list_row.hpp"

#include "query_fixture.hpp"
#include "store/memory_log.hpp"

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

struct fixture : query_fixture {
  std::string park(const std::string& dataset, const std::string& why, const std::string& owner) {
    const auto id = story.request(dataset);
    story.succeed(id, "discover", "{}", {{"owner", owner}});
    story.start(id, "validate-dependencies");
    story.finish(id, "validate-dependencies", migration::setback{error_class::permanent, why});
    return id;
  }
};

} // namespace

TEST_CASE("a list's row comes back from its bytes, and none of it is read beyond them") {
  store::memory_log log;
  told_log story{log};
  const auto id = story.request("cars");
  story.succeed(id, "discover", "{}", {{"owner", "sky"}, {"storage", ""}});
  story.start(id, "validate-dependencies");
  story.finish(id, "validate-dependencies",
               migration::setback{error_class::permanent, "the disk is full"});
  const auto bytes = encode_list_row(id, {7, 9, story.state_of(id), ""});
  const auto row = list_row::read(bytes);
  REQUIRE(row);
  CHECK(row->phase == "parked");
  CHECK(row->sequence == 9);
  CHECK(row->attempts == 2);
  CHECK(row->step == "validate-dependencies");
  CHECK(row->scan == "scan-1");
  CHECK(row->why == "the disk is full");
  CHECK(row->label("owner") == "sky");
  CHECK(row->has_label("storage", ""));
  CHECK_FALSE(row->has_label("region", ""));
  CHECK(row->changed_at == story.state_of(id).changed_at);
  CHECK(row->failure_group.size() == 12);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    (void)list_row::read(std::string{bytes.substr(0, size)}); // the sanitizers look on
}

TEST_CASE_METHOD(fixture, "a reason too long for a list's row is found and shown all the same") {
  const auto why = std::string(5'000, 'x') + " at last the END";
  const auto id = park("cars", why, "sky");
  project();
  const auto bytes = view->get(std::string{list_key} + id).value().value();
  CHECK(bytes.size() < list_row_most);
  CHECK(list_row::read(bytes)->is_cut);
  CHECK(listed({{"text", "the end"}}) == ids{id});
  CHECK(listed({{"owner", "sky"}}) == ids{id});
  CHECK(listed({{"owner", "sea"}}).empty());
  CHECK(get("/v1/migrations")["migrations"][0]["why"] == why);
  CHECK(get("/v1/migrations", {{"sort", "changed"}})["migrations"][0]["why"] == why);
}

TEST_CASE_METHOD(fixture, "a list's row that is damaged is shown as unreadable, and made again") {
  story.request("boats");
  const auto id = story.request("cars");
  project();
  const store::view_change spoilt{std::string{list_key} + id, "x"};
  REQUIRE(view->commit({&spoilt, 1}, view->cursor()));
  const auto row = get("/v1/migrations")["migrations"][1];
  CHECK(row["id"] == id);
  CHECK(row["phase"] == "unreadable");
  CHECK_THAT(row["why"].get<std::string>(), Catch::Contains("remove the view's folder"));
  CHECK(listed({{"state", "unreadable"}}) == ids{id});
  CHECK(listed({{"state", "running"}}) == ids{"boats@v2"});
  CHECK(listed({{"sort", "-changed"}}) == ids{"boats@v2", id}); // nobody knows when it changed
  story.start(id, "discover");
  CHECK(listed({{"state", "running"}}) == ids{"boats@v2", id});
}

TEST_CASE_METHOD(fixture, "failures are put together by why, the largest group first") {
  park("cars", "row 1 of cars is no date", "sky");
  park("boats", "row 22 of boats is no date", "sea");
  park("ships", "row 333 of ships is no date", "sea");
  park("zoo", "the disk is full", "");
  story.complete("movies");
  story.request("jobs");
  const auto all = get("/v1/failures");
  CHECK(all["migrations"] == 4);
  CHECK(all["groups"] == 2);
  const auto first = all["failures"][0];
  CHECK(first["count"] == 3);
  CHECK(first["reason"] == "row <n> of <dataset> is no date");
  CHECK(first["why"] == "row 22 of boats is no date");
  CHECK(first["example"] == "boats@v2");
  CHECK(first["step"] == "validate-dependencies");
  CHECK(first["phase"] == "parked");
  CHECK(first["owners"]
        == json{{{"owner", "sea"}, {"count", 2}}, {{"owner", "sky"}, {"count", 1}}});
  CHECK(first["first"] < first["last"]);
  CHECK(all["failures"][1]["owners"][0]["count"] == 1);

  const auto group = first["id"].get<std::string>();
  CHECK(listed({{"failure", group}}) == ids{"boats@v2", "cars@v2", "ships@v2"});
  CHECK(listed({{"failure", group}, {"owner", "sky"}}) == ids{"cars@v2"});
  CHECK(get("/v1/migrations/cars@v2")["failure"] == group);
  CHECK(listed({{"failure", "nosuchgroup"}}).empty());

  CHECK(get("/v1/failures", {{"owner", "sea"}})["failures"][0]["count"] == 2);
  CHECK(get("/v1/failures", {{"limit", "1"}})["failures"].size() == 1);
  CHECK(get("/v1/failures", {{"state", "held"}})["migrations"] == 0);
  CHECK(refused("/v1/failures", {{"sort", "changed"}}).first == 400);
  CHECK(refused("/v1/failures", {{"state", "asleep"}}).first == 400);
}

TEST_CASE_METHOD(fixture, "what is tried again leaves its group") {
  const auto id = park("cars", "the disk is full", "sky");
  const auto group = get("/v1/failures")["failures"][0]["id"].get<std::string>();
  story.give(id, migration::retry{}, "ann", "there is room now");
  CHECK(get("/v1/failures")["migrations"] == 0);
  CHECK(listed({{"failure", group}}).empty());
}

TEST_CASE_METHOD(fixture, "a pattern with a plain beginning finds what a scan of all finds") {
  for (const auto* name : {"a", "ab", "abc", "b*c", "x[y]"})
    story.request(name);
  CHECK(listed({{"dataset", "ab*"}}) == ids{"ab@v2", "abc@v2"});
  CHECK(listed({{"dataset", "ab"}}) == ids{"ab@v2"});
  CHECK(listed({{"dataset", "b\\*c"}}) == ids{"b*c@v2"});
  CHECK(listed({{"dataset", "x\\[y\\]"}}) == ids{"x[y]@v2"});
  CHECK(listed({{"dataset", "a?"}, {"sort", "-id"}}) == ids{"ab@v2"});
}
