#include "cluster/line_splitter.hpp"

#include <catch2/catch.hpp>
#include <vector>

using skein::cluster::line_splitter;

namespace {

struct collected {
  std::vector<std::string> lines;
  line_splitter splitter;

  explicit collected(std::size_t max_total = 1 << 30)
      : splitter{[this](std::string_view line) { lines.emplace_back(line); }, max_total} {}
};

} // namespace

TEST_CASE("lines are cut wherever the bytes were cut") {
  collected c;
  for (const char* part : {"on", "e\ntw", "o\n\nfo", "ur"})
    c.splitter.feed(part);
  CHECK(c.lines == std::vector<std::string>{"one", "two", ""});
  c.splitter.finish();
  CHECK(c.lines.back() == "four");
}

TEST_CASE("a line longer than 1 MiB is cut, says so, and ends at its newline") {
  collected c;
  const std::string half(line_splitter::max_line / 2, 'x');
  for (int i = 0; i < 5; ++i)
    c.splitter.feed(half);
  c.splitter.feed("\nshort\n");
  REQUIRE(c.lines.size() == 2);
  CHECK(c.lines[0] == half + half + std::string{line_splitter::cut_mark});
  CHECK(c.lines[1] == "short");
}

TEST_CASE("a line of exactly 1 MiB is whole") {
  collected c;
  const std::string line(line_splitter::max_line, 'x');
  c.splitter.feed(line + "\n");
  CHECK(c.lines == std::vector<std::string>{line});
}

TEST_CASE("what goes beyond the total is dropped and noted") {
  collected c{8};
  c.splitter.feed("12345\n");
  CHECK_FALSE(c.splitter.overflowed());
  c.splitter.feed("6789\nmore\n");
  c.splitter.finish();
  CHECK(c.splitter.overflowed());
  CHECK(c.lines == std::vector<std::string>{"12345", "67"});
}
