#include "actors/api/best_places.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace skein::actors;

namespace {

/// More than are gathered before some are dropped; several have the same key.
std::vector<place> many() {
  std::vector<place> all;
  for (int i = 0; i < 5'000; ++i)
    all.emplace_back(std::string(static_cast<std::size_t>(i % 7), 'k') + std::to_string(i / 100),
                     "id-" + std::to_string(i));
  return all;
}

} // namespace

TEST_CASE("page by page the best places are all places in their order") {
  const bool descending = GENERATE(false, true);
  const std::size_t limit = GENERATE(1u, 7u, 1'000u, 4'999u, 5'000u, 6'000u);
  const auto given = GENERATE(0, 1, 2);
  auto all = many();
  std::sort(all.begin(), all.end());
  auto sorted = all;
  if (descending)
    std::reverse(sorted.begin(), sorted.end());
  if (given == 1) // the best come last
    std::reverse(all.begin(), all.end());
  if (given == 2)
    std::shuffle(all.begin(), all.end(), std::mt19937{7});
  const std::size_t behind = GENERATE(0u, 1u, 2'500u, 4'999u);
  best_places best{limit, descending,
                   behind == 0 ? std::nullopt : std::optional{sorted[behind - 1]}};
  for (const auto& [key, id] : all)
    best.add(key, id);
  const auto from = sorted.begin() + static_cast<std::ptrdiff_t>(behind);
  const auto count = std::min(limit + 1, sorted.size() - behind);
  CHECK(best.take() == std::vector(from, from + static_cast<std::ptrdiff_t>(count)));
}
