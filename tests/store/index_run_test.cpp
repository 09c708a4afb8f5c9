#include "store/index_run.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace skein::store;

namespace {

using versions_and_places = std::vector<std::pair<uint64_t, place>>;

versions_and_places places_of(const index_run& run) {
  versions_and_places found;
  REQUIRE(run.places([&](uint64_t version, const place& where) {
    found.emplace_back(version, where);
    return true;
  }));
  return found;
}

} // namespace

TEST_CASE("a run gives back its places, also from its bytes") {
  index_run run{5};
  run.add({100, 0, 2});
  run.add({100, 7, 1});
  run.add({1'000'000'000'000, 3, 70'000});
  const versions_and_places expected{
      {5, {100, 0, 2}}, {7, {100, 7, 1}}, {8, {1'000'000'000'000, 3, 70'000}}};
  CHECK(places_of(run) == expected);
  CHECK(run.last_version() == 70'007);
  CHECK(run.last_sequence() == 1'000'000'000'000 + 3 + 70'000 - 1);

  auto parsed = index_run::parse(5, run.encode());
  REQUIRE(parsed);
  CHECK(places_of(*parsed) == expected);
  CHECK(parsed->last_version() == run.last_version());
  CHECK(parsed->last_sequence() == run.last_sequence());
}

TEST_CASE("bytes that are no run, or not this one, are found out") {
  index_run run{1};
  run.add({1, 0, 1});
  run.add({9, 2, 3});
  const auto bytes = run.encode();
  auto visit_all = [](auto, auto&) { return true; };
  CHECK_FALSE(index_run::parse(1, ""));
  CHECK_FALSE(index_run::parse(99, bytes));
  CHECK_FALSE(index_run::parse(2, bytes)->places(visit_all));
  for (size_t length = 3; length < bytes.size(); ++length)
    CHECK_FALSE(index_run::parse(1, bytes.substr(0, length))->places(visit_all));
}
