#include "config/workspace.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using Catch::Matchers::Contains;

TEST_CASE("a command is split as a shell would split it") {
  using words = std::vector<std::string>;
  auto [text, expected] = GENERATE(table<std::string, words>(
      {{"python scanner.py", {"python", "scanner.py"}},
       {"  a\t b  ", {"a", "b"}},
       {"a 'b c' \"d e\"", {"a", "b c", "d e"}},
       {"a ''", {"a", ""}},
       {"a b'c'\"d\"e", {"a", "bcde"}},
       {"a \\'b\\ c", {"a", "'b c"}},
       {"a \"\\$x \\\\ \\n \\\" \\`\"", {"a", "$x \\ \\n \" `"}},
       {"a '\\' \"'\"", {"a", "\\", "'"}},
       {"a --id ${NOMAD_META_DATASET_ID} $X", {"a", "--id", "${NOMAD_META_DATASET_ID}", "$X"}},
       {"a 'x|y' \"<;>&\" \\;", {"a", "x|y", "<;>&", ";"}},
       {"a b#c x=1 *", {"a", "b#c", "x=1", "*"}},
       {"a \\\n b", {"a", "b"}},
       {"a\n", {"a"}}}));
  CAPTURE(text);
  auto result = split_command(text);
  REQUIRE(result);
  CHECK(*result == expected);
}

TEST_CASE("what only a shell could do is refused") {
  auto [text, message]
      = GENERATE(table<std::string, std::string>({{"a | b", "\"|\", which needs a shell"},
                                                  {"a; b", "\";\""},
                                                  {"a & b", "\"&\""},
                                                  {"a < b", "\"<\""},
                                                  {"a > b", "\">\""},
                                                  {"a `b`", "\"`\""},
                                                  {"a $(b)", "\"$(\""},
                                                  {"a \"$(b)\"", "\"$(\""},
                                                  {"a \"`b`\"", "\"`\""},
                                                  {"(a)", "\"(\""},
                                                  {"a # b", "\"#\""},
                                                  {"a\nb", "a second line"},
                                                  {"X=1 a", "put it into \"env\""},
                                                  {"a 'b", "' without its other half"},
                                                  {"a \"b", "\" without its other half"},
                                                  {"a \"b\\", "\" without its other half"},
                                                  {"a \\", "ends in a backslash"},
                                                  {"", "the command is empty"},
                                                  {" \n ", "the command is empty"}}));
  CAPTURE(text);
  auto result = split_command(text);
  REQUIRE_FALSE(result);
  CHECK_THAT(result.error().what, Contains(message));
}
