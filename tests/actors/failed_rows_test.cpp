#include "actors/api/failed_rows.hpp"

#include "actors/api/failure_list.hpp"
#include "actors/list_row.hpp"
#include "query_fixture.hpp"

using namespace skein;
using namespace skein::actors;
using namespace skein::actors::test;

namespace {

/// Counts how often the rows of failed migrations are read from below.
class counting_view final : public store::view_reader {
public:
  explicit counting_view(const store::view_reader& below) : below_{below} {}
  expected<std::optional<std::string>> get(std::string_view key) const override {
    return below_.get(key);
  }
  expected<void> scan(std::string_view prefix, std::string_view after, uint64_t limit,
                      const store::row_visitor& visit) const override {
    scans += prefix.starts_with(failed_key) ? 1 : 0;
    return below_.scan(prefix, after, limit, visit);
  }
  uint64_t cursor() const override { return below_.cursor(); }

  mutable int scans = 0;

private:
  const store::view_reader& below_;
};

struct fixture : query_fixture {
  counting_view counted{*view};
  failed_rows rows{counted};

  std::string park(const std::string& dataset) {
    const auto id = story.request(dataset);
    story.start(id, "discover");
    story.finish(id, "discover", migration::setback{error_class::permanent, "the disk is full"});
    return id;
  }

  ids under(const store::view_reader& from, const std::string& prefix,
            const std::string& after = "", uint64_t limit = store::no_limit) {
    project();
    ids found;
    REQUIRE(from.scan(prefix, after, limit, [&](std::string_view key, std::string_view row) {
      CHECK(view->get(key).value() == row);
      found.emplace_back(key);
      return true;
    }));
    return found;
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "rows of failures are read once while none of them changes") {
  park("cars");
  const auto jobs = park("jobs");
  CHECK(under(rows, "f/") == ids{"f/cars@v2", "f/jobs@v2"});
  story.complete("movies"); // fails nowhere
  CHECK(under(rows, "f/").size() == 2);
  CHECK(counted.scans == 1);
  park("boats");
  CHECK(under(rows, "f/") == ids{"f/boats@v2", "f/cars@v2", "f/jobs@v2"});
  story.give(jobs, migration::retry{}, "ann", "there is room now");
  CHECK(under(rows, "f/") == ids{"f/boats@v2", "f/cars@v2"});
  CHECK(counted.scans == 3);
  story.damage("cars@v2"); // still there, and other bytes
  CHECK(under(rows, "f/") == ids{"f/boats@v2", "f/cars@v2"});
  CHECK(counted.scans == 4);
}

TEST_CASE_METHOD(fixture, "a scan of kept rows keeps to its prefix, its start and its limit") {
  for (const auto* name : {"a", "ab", "b", "c"})
    park(name);
  for (const auto* prefix : {"f/", "f/a", "f/b", "f/x", "f/c@v2", "f", "", "l/"})
    for (const auto* after : {"", "f/", "f/a@v2", "f/aa", "f/c@v2", "f/d", "l/b"})
      for (const uint64_t limit : {0, 1, 2, 100})
        CHECK(under(rows, prefix, after, limit) == under(*view, prefix, after, limit));
}

TEST_CASE_METHOD(fixture, "more rows than may be kept are read each time") {
  park("cars");
  park("jobs");
  const failed_rows few{counted, 100};
  CHECK(under(few, "f/").size() == 2);
  CHECK(counted.scans == 2); // once in vain
  for (unsigned i = 0; i < failed_rows::passed_over_most; ++i)
    CHECK(under(few, "f/").size() == 2);
  CHECK(counted.scans == 2 + failed_rows::passed_over_most);
  CHECK(json::parse(list_failures(few, {}, midnight).body)["migrations"] == 2);
}
