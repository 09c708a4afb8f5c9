#include "events/migration_id.hpp"

#include <catch2/catch.hpp>

using namespace skein;

namespace {

std::string why_not(std::string_view name) {
  const auto checked = check_name("dataset id", name);
  return checked ? "" : checked.error().what;
}

} // namespace

TEST_CASE("a migration's id is its dataset and its target version") {
  CHECK(migration_id("plays", "v2") == "plays@v2");
  CHECK(migration_id("räume/日本", "2026-03") == "räume/日本@2026-03");
}

TEST_CASE("names of 1 to 200 bytes of UTF-8 may be part of an id") {
  CHECK(why_not("p") == "");
  CHECK(why_not("music.plays/daily-1_b:c") == "");
  CHECK(why_not("räume-日本-🎵") == "");
  CHECK(why_not(std::string(200, 'x')) == "");
}

TEST_CASE("a name that no id may hold is refused with what is wrong") {
  CHECK(why_not("") == "dataset id is empty; give it a name");
  CHECK(why_not(std::string(201, 'x')) == "dataset id is 201 bytes long; at most 200 are allowed");
  for (std::string_view bad : {"a@b", "a b", "a\tb", "a\nb", "a\x7f", " a", "a "})
    CHECK(why_not(bad).find("contains '@', white space or a control character")
          != std::string::npos);
  CHECK_FALSE(why_not(std::string_view{"a\0b", 3}).empty());
}

// Protobuf would write such a name and then refuse to read it.
TEST_CASE("a name that is not UTF-8 is refused") {
  for (std::string_view bad : {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80"})
    CHECK(why_not(bad) == "dataset id is not UTF-8, which every id must be");
}
