#include "agents/staging.hpp"

#include "agents/files.hpp"
#include "fixtures.hpp"

#include <catch2/catch.hpp>

using namespace skein::agents;
using namespace skein::agents::test;
namespace fs = std::filesystem;

TEST_CASE("staging is one place for each attempt, and gone afterwards") {
  temporary_folder root;
  fs::path folder;
  {
    auto place = staging::prepare(root.path(), "films@v2", 3);
    REQUIRE(place);
    folder = place->folder();
    CHECK(folder == root.path() / ".staging" / "films@v2" / "3");
    put(folder / "half.csv", "a");
  }
  CHECK(!fs::exists(folder));
  CHECK(!fs::exists(folder.parent_path()));
}

TEST_CASE("what a killed attempt left is wiped by the next one") {
  temporary_folder root;
  put(root.path() / ".staging" / "films@v2" / "1" / "half.csv", "a");
  put(root.path() / ".staging" / "films@v2" / "2" / "half.csv", "a");
  const auto place = staging::prepare(root.path(), "films@v2", 2);
  REQUIRE(place);
  CHECK(fs::is_empty(place->folder()));
  CHECK(!fs::exists(root.path() / ".staging" / "films@v2" / "1"));
}

TEST_CASE("two attempts of one migration cannot be at work at once") {
  temporary_folder root;
  auto first = staging::prepare(root.path(), "films@v2", 1);
  REQUIRE(first);
  put(first->folder() / "mine", "a");
  const auto second = staging::prepare(root.path(), "films@v2", 2);
  REQUIRE(!second);
  CHECK(second.error().kind == trouble_kind::transient);
  CHECK(fs::exists(first->folder() / "mine"));
  CHECK(staging::prepare(root.path(), "books@v2", 1));
}

TEST_CASE("publishing is one rename to a new folder") {
  temporary_folder root;
  auto place = staging::prepare(root.path(), "films@v2", 1);
  REQUIRE(place);
  put(place->folder() / "films.csv", "a\n");
  REQUIRE(place->publish(root.path() / "films" / "v2"));
  CHECK(get(root.path() / "films" / "v2" / "films.csv") == "a\n");
}

TEST_CASE("publishing never replaces what is there") {
  temporary_folder root;
  put(root.path() / "films" / "v2" / "other.csv", "theirs");
  auto place = staging::prepare(root.path(), "films@v2", 1);
  REQUIRE(place);
  put(place->folder() / "films.csv", "a\n");
  const auto refused = place->publish(root.path() / "films" / "v2");
  REQUIRE(!refused);
  CHECK(refused.error().kind == trouble_kind::permanent);
  CHECK(get(root.path() / "films" / "v2" / "other.csv") == "theirs");
  CHECK(!fs::exists(root.path() / "films" / "v2" / "films.csv"));
}

TEST_CASE("names become file names that cannot leave their folder") {
  CHECK(file_name_for("films@v2") == "films@v2");
  CHECK(file_name_for("../x") == "%2E.%2Fx");
  CHECK(file_name_for("a b") == "a%20b");
  CHECK(file_name_for(".") == "%2E");
}

TEST_CASE("SHA-256 is the standard one") {
  CHECK(sha256_of_text("abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  temporary_folder root;
  put(root.path() / "abc", "abc");
  CHECK(sha256_of_file(root.path() / "abc") == sha256_of_text("abc"));
}

TEST_CASE("replacing a file leaves nothing beside it") {
  temporary_folder root;
  REQUIRE(replace_file(root.path() / "x", "1"));
  REQUIRE(replace_file(root.path() / "x", "2"));
  CHECK(get(root.path() / "x") == "2");
  CHECK(std::distance(fs::directory_iterator{root.path()}, fs::directory_iterator{}) == 1);
}
