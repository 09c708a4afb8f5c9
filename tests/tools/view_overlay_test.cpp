#include "tools/skein/view_overlay.hpp"

#include "store/memory_view.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace skein;
using skein::console::view_overlay;

namespace {

using rows = std::vector<std::pair<std::string, std::string>>;

rows scanned(const store::view_reader& view, const std::string& prefix, const std::string& after,
             uint64_t limit) {
  rows found;
  REQUIRE(view.scan(prefix, after, limit, [&](std::string_view key, std::string_view row) {
    found.emplace_back(key, row);
    return true;
  }));
  return found;
}

void put(store::view_store& view, std::vector<store::view_change> changes, uint64_t cursor) {
  REQUIRE(view.commit(changes, cursor));
}

} // namespace

TEST_CASE("what lies above hides what lies below, which stays as it was") {
  store::memory_view below;
  put(below, {{"a", "1"}, {"b", "2"}, {"c", "3"}}, 7);
  view_overlay view{&below};
  CHECK(view.cursor() == 7);
  put(view, {{"b", "new"}, {"c", std::nullopt}, {"d", "4"}}, 9);
  CHECK(view.cursor() == 9);
  CHECK(scanned(view, "", "", 10) == rows{{"a", "1"}, {"b", "new"}, {"d", "4"}});
  CHECK(view.get("b").value() == "new");
  CHECK_FALSE(view.get("c").value());
  CHECK(view.get("a").value() == "1");
  CHECK(scanned(below, "", "", 10) == rows{{"a", "1"}, {"b", "2"}, {"c", "3"}});
  CHECK(below.cursor() == 7);
}

TEST_CASE("with nothing below it is a view of its own") {
  view_overlay view{nullptr};
  CHECK(view.cursor() == 0);
  put(view, {{"a", "1"}}, 1);
  CHECK(scanned(view, "", "", 10) == rows{{"a", "1"}});
}

TEST_CASE("a visitor ends a scan, above and below") {
  store::memory_view below;
  put(below, {{"a", "1"}, {"c", "3"}}, 1);
  view_overlay view{&below};
  put(view, {{"b", "2"}, {"d", "4"}}, 2);
  for (std::size_t wanted = 1; wanted <= 4; ++wanted) {
    std::size_t seen = 0;
    REQUIRE(
        view.scan("", "", 10, [&](std::string_view, std::string_view) { return ++seen < wanted; }));
    CHECK(seen == wanted);
  }
}

TEST_CASE("an overlay answers every scan as one view with all the changes would") {
  const auto seed = GENERATE(range(0u, 200u));
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const auto pick = [&](unsigned bound) { return random() % bound; };
  const auto key = [&] { return std::string{"abc"[pick(3)]} + std::to_string(pick(5)); };
  store::memory_view below, whole;
  for (auto i = pick(10); i > 0; --i) {
    const store::view_change change{key(), std::to_string(i)};
    put(below, {change}, 1);
    put(whole, {change}, 1);
  }
  view_overlay view{&below};
  for (auto i = pick(10); i > 0; --i) {
    const store::view_change change{key(), pick(3) == 0 ? std::nullopt
                                                        : std::optional{"new" + std::to_string(i)}};
    put(view, {change}, 2);
    put(whole, {change}, 2);
  }
  for (const auto* prefix : {"", "a", "b", "b2", "z"})
    for (const auto& after : {std::string{}, std::string{prefix} + "2", key()})
      for (const uint64_t limit : {0, 1, 3, 100}) {
        INFO("prefix " << prefix << " after " << after << " limit " << limit);
        CHECK(scanned(view, prefix, after, limit) == scanned(whole, prefix, after, limit));
      }
}
