#include "agents/staging.hpp"

#include "agents/files.hpp"
#include "fixtures.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using namespace skein::agents;
using namespace skein::agents::test;
namespace fs = std::filesystem;

namespace {

struct film_folder {
  temporary_folder root;
  fs::path films = root.path() / "films";
  fs::path target = films / "v2";

  outcome<staging> prepare(const std::string& migration, uint32_t attempt) const {
    return staging::prepare(root.path(), target, migration, attempt);
  }
};

} // namespace

TEST_CASE("staging is one place for each attempt beside its result, and gone afterwards") {
  const film_folder x;
  const bool alone = GENERATE(true, false);
  if (!alone)
    put(x.films / "v1" / "films.csv", "a");
  {
    auto place = x.prepare("films@v2", 3);
    REQUIRE(place);
    CHECK(place->folder() == x.films / ".staging" / "films@v2" / "3");
    put(place->folder() / "half.csv", "a");
  }
  CHECK(nothing_staged(x.root.path()));
  CHECK(fs::exists(x.films) != alone);
}

TEST_CASE("what a killed attempt left is wiped by the next one") {
  const film_folder x;
  put(x.films / ".staging" / "films@v2" / "1" / "half.csv", "a");
  put(x.films / ".staging" / "films@v2" / "2" / "half.csv", "a");
  const auto place = x.prepare("films@v2", 2);
  REQUIRE(place);
  CHECK(fs::is_empty(place->folder()));
  CHECK(!fs::exists(x.films / ".staging" / "films@v2" / "1"));
}

TEST_CASE("two attempts of one migration cannot be at work at once") {
  const film_folder x;
  auto first = x.prepare("films@v2", 1);
  REQUIRE(first);
  put(first->folder() / "mine", "a");
  const auto second = x.prepare("films@v2", 2);
  REQUIRE(!second);
  CHECK(second.error().kind == trouble_kind::transient);
  CHECK(fs::exists(first->folder() / "mine"));
  CHECK(x.prepare("films@v3", 1));
  CHECK(fs::exists(first->folder() / "mine"));
}

TEST_CASE("attempts that come and go beside each other do not take each other's folder away") {
  const film_folder x;
  std::atomic<int> failed{0};
  const auto come_and_go = [&](const std::string& migration) {
    for (uint32_t i = 0; i < 300; ++i) {
      const auto place = x.prepare(migration, i);
      if (!place || !fs::is_empty(place->folder()))
        ++failed;
    }
  };
  std::thread other{come_and_go, "films@v3"};
  come_and_go("films@v2");
  other.join();
  CHECK(failed == 0);
  CHECK(nothing_staged(x.root.path()));
}

TEST_CASE("publishing is one rename to a new folder") {
  const film_folder x;
  auto place = x.prepare("films@v2", 1);
  REQUIRE(place);
  put(place->folder() / "films.csv", "a\n");
  REQUIRE(place->publish());
  CHECK(get(x.target / "films.csv") == "a\n");
}

TEST_CASE("publishing never replaces what is there") {
  const film_folder x;
  put(x.target / "other.csv", "theirs");
  auto place = x.prepare("films@v2", 1);
  REQUIRE(place);
  put(place->folder() / "films.csv", "a\n");
  const auto refused = place->publish();
  REQUIRE(!refused);
  CHECK(refused.error().kind == trouble_kind::permanent);
  CHECK(get(x.target / "other.csv") == "theirs");
  CHECK(!fs::exists(x.target / "films.csv"));
}

TEST_CASE("only a folder that something is mounted on is a mount point") {
  const film_folder x;
  put(x.films / "v1" / "films.csv", "a");
  CHECK(is_mount_point("/proc"));
  CHECK(!is_mount_point(x.films));
  CHECK(!is_mount_point(x.target));
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
