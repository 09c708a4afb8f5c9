#include "agents/csv_header.hpp"

#include <catch2/catch.hpp>

using skein::agents::csv_header;
using names = std::vector<std::string>;

TEST_CASE("a CSV header is read as RFC 4180 says") {
  const auto [text, delimiter, expected] = GENERATE(table<std::string, char, names>({
      {"a,b,c\n1,2,3\n", ',', {"a", "b", "c"}},
      {"a;b\r\n", ';', {"a", "b"}},
      {"a\tb\n", '\t', {"a", "b"}},
      {"\xef\xbb\xbf"
       "a,b\n",
       ',',
       {"a", "b"}},
      {"\"US Gross\",\"say \"\"hi\"\"\",\"two\nlines\"\n",
       ',',
       {"US Gross", "say \"hi\"", "two\nlines"}},
      {"only\n", ',', {"only"}},
      {"a,,c\n", ',', {"a", "", "c"}},
      {"\n1\n", ',', {""}},
  }));
  CAPTURE(text);
  const auto header = csv_header(text, delimiter);
  REQUIRE(header);
  CHECK(*header == expected);
}

TEST_CASE("a header without an end is refused") {
  for (const auto* text : {"", "a,b", "\"a\nb\n"}) {
    CAPTURE(text);
    CHECK(!csv_header(text, ','));
  }
}
