#include "config/yaml.hpp"
#include "config/yaml_reader.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;
using Catch::Matchers::Contains;

namespace {

std::string mistakes_in(const std::string& text) {
  yaml::report out{"f.yaml"};
  yaml::parse(text, out);
  return lines(out.take());
}

std::vector<yaml::node> documents_in(const std::string& text) {
  yaml::report out{"f.yaml"};
  auto documents = yaml::parse(text, out);
  REQUIRE(lines(out.take()) == "");
  return documents;
}

std::string repeated(const std::string& part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i)
    text += part;
  return text;
}

} // namespace

TEST_CASE("a tree keeps text, kinds and places") {
  auto documents = documents_in("# note\na: 1\nb: '1'\nlist:\n  - x\n  - {k: ü}\nnone: ~\n");
  REQUIRE(documents.size() == 1);
  const auto& root = documents[0];
  REQUIRE(root.fields.size() == 4);
  CHECK(root.at.line == 2);
  CHECK(root.find("a")->value.plain);
  CHECK_FALSE(root.find("b")->value.plain);
  const auto& list = root.find("list")->value;
  REQUIRE(list.items.size() == 2);
  CHECK(list.items[1].find("k")->value.text == "ü");
  CHECK(list.items[1].at.line == 6);
  CHECK(list.items[1].at.column == 5);
  CHECK(root.find("none")->value.what == yaml::node::kind::null);
  CHECK(root.find("none")->value.at.line == 7);
  CHECK(root.find("absent") == nullptr);
}

TEST_CASE("a file may hold several documents, and empty ones do not count") {
  auto documents = documents_in("a: 1\n---\n# nothing\n---\nb: 2\n...\n");
  REQUIRE(documents.size() == 2);
  CHECK(documents[1].find("b")->at.line == 5);
  CHECK(documents_in("").empty());
  CHECK(documents_in("\xEF\xBB\xBF"
                     "a: 1\n")
            .size()
        == 1);
}

TEST_CASE("an alias stands for its value") {
  auto documents = documents_in("a: &x [1, 2]\nb: *x\n");
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].find("b")->value.items.size() == 2);
}

TEST_CASE("a field given twice is refused with both places") {
  CHECK(mistakes_in("a: 1\nb: 2\na: 3\n")
        == "f.yaml:3:1: the field \"a\" stands here a second time, after f.yaml:1:1; take one of "
           "them out");
  CHECK_THAT(mistakes_in("{a: 1, \"a\": 2}"), Contains("f.yaml:1:8: the field \"a\""));
}

TEST_CASE("what YAML allows and a configuration should not") {
  auto [text, message] = GENERATE(table<std::string, std::string>(
      {{"a: [1\nb: 2\n", "f.yaml:2:"},
       {"a: \"x\n", "f.yaml:1:4: this text is never closed"},
       {"a: &a !!str 'it''s\n", "f.yaml:1:4: this text is never closed"},
       {"\xEF\xBB\xBF"
        "a: \"b\\\"\n",
        "f.yaml:1:4: this text is never closed"},
       {"a: *x\n", "f.yaml:1:4: this is not well-formed YAML"},
       {"a: &x [*x]\n", "stands inside the value that it names"},
       {"<<: {a: 1}\n", "merge keys (<<) are not supported"},
       {"[a, b]: 1\n", "a key must be text"},
       {"? \n: 1\n", "a key must be text"},
       {"a: !secret x\n", "f.yaml:1:4: the tag \"!secret\" is not supported"},
       {"a: \"\\0\"\n", "f.yaml:1:4: this text holds a NUL character"},
       {"a: 1\nb: \x04\n", "f.yaml:2:4: the control character U+0004"},
       {"a: \x7F", "U+007F"},
       {"a: \xC2\x9B", "f.yaml:1:4: the control character U+009B"},
       {"a: \xFF\n", "f.yaml:1:4: this byte is not UTF-8; save the file as UTF-8"},
       {"ü: \xC0\xAF", "f.yaml:1:5: this byte is not UTF-8"},
       {"\xED\xA0\x80", "f.yaml:1:1: this byte is not UTF-8"},
       {"\xF4\x90\x80\x80", "not UTF-8"},
       {"a: \xE2\x82", "not UTF-8"}}));
  CAPTURE(text);
  CHECK_THAT(mistakes_in(text), Contains(message));
}

TEST_CASE("documents before bad syntax are still there to be checked") {
  yaml::report out{"f.yaml"};
  CHECK(yaml::parse("a: 1\n---\nb: [\n", out).size() == 1);
  CHECK_FALSE(out.clean());
}

TEST_CASE("deep nesting is refused") {
  CHECK_THAT(mistakes_in(repeated("[", 65) + repeated("]", 65)), Contains("more than 64 deep"));
  CHECK(mistakes_in(repeated("[", 64) + repeated("]", 64)) == "");
  for (const char* part : {"[", "{", "- ", "? ", "{a: ", "[a, ", "&a ", "!a ", "'", "\"", ": "})
    mistakes_in(repeated(part, 100'000));
}

TEST_CASE("aliases that multiply are refused") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'h'; ++c)
    bomb += std::string{c} + ": &" + c + " [" + repeated(std::string{"*"} + char(c - 1) + ", ", 10)
            + "]\n";
  CHECK_THAT(mistakes_in(bomb), Contains("expands to too many values"));
  auto wide = "a: &a " + std::string(1 << 20, 'x') + "\nb: [" + repeated("*a, ", 100) + "]\n";
  CHECK_THAT(mistakes_in(wide), Contains("expands to too many values"));
}

TEST_CASE("a file over 4 MiB is refused") {
  CHECK_THAT(mistakes_in("a: " + std::string(4 << 20, 'x')), Contains("larger than 4 MiB"));
}

TEST_CASE("mistakes are in the file's order, and bounded") {
  yaml::report out{"f"};
  out.add({9, 1}, "late");
  out.add({2, 7}, "right");
  out.add({2, 3}, "left");
  CHECK(lines(out.take()) == "f:2:3: left\nf:2:7: right\nf:9:1: late");
  for (int i = 0; i < 1000; ++i)
    out.add({i, 1}, "again");
  auto found = out.take();
  CHECK(found.size() == 101);
  CHECK_THAT(found.back().what, Contains("there are more mistakes"));
}

TEST_CASE("a reader finds every mistake of a map in one pass") {
  yaml::report out{"f"};
  auto documents = yaml::parse("nmae: x\ncount: -1\nflag: yes\nratio: '1'\nwait: soon\nbig: 1Q\n"
                               "kind: rd\nlist: 3\nmap: []\ntext: {}\n",
                               out);
  yaml::map_reader in{
      documents.at(0),
      out,
      "the thing",
      {"name", "count", "flag", "ratio", "wait", "big", "kind", "list", "map", "text"}};
  CHECK(in.required_text("name") == "");
  CHECK(in.whole("count", 7) == 7);
  in.flag("flag", true);
  CHECK_FALSE(in.number("ratio"));
  CHECK(in.duration("wait", std::chrono::seconds{5}).count() == 5);
  CHECK(in.size("big", 6) == 6);
  CHECK(in.choice("kind", {"red", "blue"}, "blue") == "blue");
  CHECK(in.list("list").empty());
  CHECK(in.map("map") == nullptr);
  CHECK(in.text("text", "fallback") == "fallback");
  auto expected = R"(f:1:1: the thing has no field "nmae"; did you mean "name"?
f:1:1: the thing needs a value for "name"
f:2:8: "count" of the thing must be a whole number from 0 to 4294967295
f:3:7: "flag" of the thing must be true or false
f:4:8: "ratio" of the thing must be a number
f:5:7: "wait" of the thing: "soon" is not a duration; write a )"
                  R"(whole number with ms, s, m, h or d, such as 90s
f:6:6: "big" of the thing: "1Q" is not a size; write a whole )"
                  R"(number with kB, MB, GB, TB, KiB, MiB, GiB or TiB, such as 512MiB
f:7:7: "kind" of the thing cannot be "rd"; did you mean "red"?
f:8:7: "list" of the thing must be a list, not text
f:9:6: "map" of the thing must be a map of fields, not a list
f:10:7: "text" of the thing must be text, not a map)";
  CHECK(lines(out.take()) == expected);
}

TEST_CASE("formats that others extend refuse only near misses") {
  yaml::report out{"f"};
  auto documents = yaml::parse("ownr: x\ncolour: green\n", out);
  yaml::map_reader in{
      documents.at(0), out, "the spec", {"owner", "type"}, yaml::unknown_keys::near_misses_refused};
  CHECK(lines(out.take()) == "f:1:1: the spec has no field \"ownr\"; did you mean \"owner\"?");
}
