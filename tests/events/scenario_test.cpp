// Stories as text, after etcd-io/raft's data-driven tests. REWRITE=1 records: commit a diff only
// if you meant it.
#include "tests/events/golden_file.hpp"
#include "tests/events/script.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

using namespace skein::tests;

TEST_CASE("scenarios") {
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator{golden_path("scenarios")})
    names.insert("scenarios/" + file.path().filename().string());
  REQUIRE(names.size() >= 8);
  for (const auto& name : names)
    DYNAMIC_SECTION(name) { check_golden(name, play(read_golden(name)).text); }
}
