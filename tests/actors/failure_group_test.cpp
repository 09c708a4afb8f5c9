#include "actors/failure_group.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::actors;

namespace {

std::string normal(std::string_view reason) { return normalised_reason(reason, "cars"); }

view_row parked(const std::string& why) {
  view_row row{1, 1, {}, ""};
  row.state.phase = migration::phase::parked;
  row.state.why = why;
  return row;
}

} // namespace

TEST_CASE("what differs from one failure to the next gives way to its kind") {
  CHECK(normal("row 1234, column \"Release Date\": cannot convert 'foo' to DATE")
        == "row <n>, column <text>: cannot convert <text> to DATE");
  CHECK(normal("exit 3 after 1,234.5 s on 10.0.0.1") == "exit <n> after <n> s on <n>");
  CHECK(normal("part-00042.csv is short") == "part-<n>.csv is short");
  CHECK(normal("no space left in /srv/lake/cars/v2.") == "no space left in <path>.");
  CHECK(normal("cannot read ./in.csv, ../out/x or ~/z: gone")
        == "cannot read <path>, <path> or <path>: gone");
  CHECK(normal("GET https://api.example.org/v1/x?y=1: 503") == "GET <url>: <n>");
  CHECK(normal("s3://lake/cars is away") == "<url> is away");
  CHECK(normal("job 6f9619ff-8b86-d011-b42d-00c04fc964ff is lost") == "job <uuid> is lost");
  CHECK(normal("at 2026-03-01T00:00:02.123456Z, and 2026-03-01 10:00 +, and 2026-03-01")
        == "at <time>, and <time> +, and <time>");
  CHECK(normal("until 10:20:30+02:00") == "until <time>");
  CHECK(normal("commit 3fa94c1d77 and 0xDEAD") == "commit <hex> and <hex>");
  CHECK(normal("movies@v2 waits, tell ann@example.org") == "<id> waits, tell <id>");
  CHECK(normal("cars has no owner, nor has carsharing")
        == "<dataset> has no owner, nor has "
           "carsharing");
}

TEST_CASE("what is the same stays as it is") {
  CHECK(normal("it doesn't fit the users' rules") == "it doesn't fit the users' rules");
  CHECK(normal("read/write is/was refused") == "read/write is/was refused");
  CHECK(normal("a defaced facade") == "a defaced facade"); // hexadecimal digits that are words
  CHECK(normal("größer als erlaubt") == "größer als erlaubt");
  CHECK(normal("an open \"quotation") == "an open \"quotation");
  CHECK(normal("a / b") == "a / b");
}

TEST_CASE("blanks are one blank, and a long reason is cut between letters") {
  CHECK(normal("  two\n\n lines\t end \n") == "two lines end");
  std::string many;
  for (int i = 0; i < 400; ++i)
    many += "ä";
  const auto cut = normal("x" + many);
  CHECK(cut.size() == 299);
  CHECK(cut.substr(cut.size() - 2) == "ä");
  CHECK(normal("").empty());
}

TEST_CASE("any bytes have a normal form, which is its own") {
  std::string all;
  for (int i = 0; i < 3; ++i)
    for (int c = 0; c < 256; ++c)
      all += static_cast<char>(c + i);
  for (std::size_t from = 0; from < all.size(); from += 7)
    for (std::size_t size : {1u, 5u, 40u, 200u}) {
      const auto once = normal(all.substr(from, size));
      CHECK(once.size() <= 300);
    }
}

TEST_CASE("a group is of one reason, step and phase") {
  const auto first = failure_group_of("cars@v2", parked("cars: row 12 is bad"));
  CHECK(first.size() == 12);
  CHECK(failure_group_of("jobs@v2", parked("jobs: row 7 is bad")) == first);
  CHECK(failure_group_of("jobs@v2", parked("jobs: row 7 is good")) != first);
  auto held = parked("cars: row 12 is bad");
  held.state.phase = migration::phase::held;
  CHECK(failure_group_of("cars@v2", held) != first);
  held.state.phase = migration::phase::running;
  CHECK(failure_group_of("cars@v2", held).empty());
  held.unreadable = "sequence 7: no record";
  CHECK_FALSE(failure_group_of("cars@v2", held).empty());
}
