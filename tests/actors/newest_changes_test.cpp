#include "actors/api/newest_changes.hpp"

#include "store/memory_log.hpp"
#include "told_log.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;

namespace {

using changes = std::vector<std::pair<std::string, uint64_t>>;

struct fixture {
  store::memory_log log;
  test::told_log story{log};

  std::pair<walk_end, changes> walk(uint64_t before, uint64_t most = 1'000'000,
                                    std::size_t wanted = 1'000'000) {
    changes found;
    const auto end = walk_changes(log, before, most, [&](const auto& id, uint64_t sequence) {
      if (found.size() == wanted)
        return false;
      found.emplace_back(id, sequence);
      return true;
    });
    return {end.value(), found};
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "migrations are walked by their newest event, newest first") {
  story.request("a");              // 1
  story.request("b");              // 2
  story.start("a@v2", "discover"); // 3
  story.request("c");              // 4
  CHECK(walk(5) == std::pair{walk_end::beginning, changes{{"c@v2", 4}, {"a@v2", 3}, {"b@v2", 2}}});
  CHECK(walk(3) == std::pair{walk_end::beginning, changes{{"b@v2", 2}, {"a@v2", 1}}});
  CHECK(walk(5, 100, 1) == std::pair{walk_end::ended, changes{{"c@v2", 4}}});
  CHECK(walk(5, 2) == std::pair{walk_end::gave_up, changes{{"c@v2", 4}, {"a@v2", 3}}});
  for (const uint64_t before : {0, 1})
    CHECK(walk(before) == std::pair{walk_end::beginning, changes{}});
}

TEST_CASE_METHOD(fixture, "more events than are read at once") {
  changes all;
  for (uint64_t i = 1; i <= 2'500; ++i) {
    const auto name = "set-" + std::to_string(i);
    story.request(name);
    all.emplace(all.begin(), name + "@v2", i);
  }
  CHECK(walk(2'501) == std::pair{walk_end::beginning, all});
}

TEST_CASE_METHOD(fixture, "a record that does not say whose it is ends the walk") {
  story.request("a");   // 1
  story.request("b");   // 2
  story.damage("b@v2"); // 3
  story.request("c");   // 4
  CHECK(walk(5) == std::pair{walk_end::gave_up, changes{{"c@v2", 4}}});
}
