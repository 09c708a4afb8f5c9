#include "store/version_cache.hpp"

#include <catch2/catch.hpp>

using skein::store::version_cache;

TEST_CASE("a version cache keeps what was written last, within its bound") {
  version_cache cache{100};
  for (uint64_t i = 0; i < 10'000; ++i) {
    cache.put("hot", i);
    cache.put("stream-" + std::to_string(i), i);
    cache.trim();
    REQUIRE(cache.size() <= 104);
    REQUIRE(cache.find("hot") == i);
  }
  CHECK(cache.find("stream-9999") == 9999);
  CHECK(cache.find("stream-9960") == 9960);
  CHECK_FALSE(cache.find("stream-0"));
}

TEST_CASE("a version cache forgets nothing within a batch, however long") {
  version_cache cache{2};
  for (uint64_t i = 0; i < 100; ++i)
    cache.put("stream-" + std::to_string(i), i);
  CHECK(cache.find("stream-0") == 0);
}

TEST_CASE("a version written anew hides the one from before") {
  version_cache cache{2};
  cache.put("a", 1);
  cache.put("b", 1);
  cache.trim(); // both are the old generation now
  cache.put("a", 2);
  CHECK(cache.find("a") == 2);
  CHECK(cache.find("b") == 1);
}
