#include "actors/api/reader_document.hpp"

#include "actors/json_text.hpp"

#include <catch2/catch.hpp>

using namespace skein::actors;
using namespace skein::actors::metadata;
using nlohmann::json;

namespace {

json reader(const std::string& ref, const std::string& dataset, const std::string& name) {
  return {{"ref", ref}, {"dataset", dataset}, {"shown", {{"name", name}, {"columns", {"a", "b"}}}}};
}

void check_same(const std::vector<dataset_reader>& found, const json& wanted) {
  REQUIRE(found.size() == wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].ref == wanted[i]["ref"]);
    CHECK(found[i].dataset == wanted[i]["dataset"]);
    CHECK(json::parse(found[i].shown) == wanted[i]["shown"]);
  }
}

} // namespace

TEST_CASE("readers come out of their document whole, whatever their texts are") {
  const auto* odd = GENERATE("plain", "a \"quote\"", "ends in \\", "{[", "}", "\\\"}],", "é\n", "");
  const auto all = json::array(
      {reader("component:default/x", "", odd), reader("resource:default/y", "y", "y")});
  check_same(read_readers(dump_json(all)).value(), all);
  check_same(read_readers(all.dump(2)).value(), all); // laid out by somebody else
  const auto odd_names = json::array({reader(odd, odd, "x")});
  check_same(read_readers(dump_json(odd_names)).value(), odd_names);
  CHECK(read_readers("[]").value().empty());
}

TEST_CASE("what an earlier version wrote has nothing to show") {
  const auto found = read_readers(R"([{"dataset":"y","ref":"resource:default/y"}])").value();
  REQUIRE(found.size() == 1);
  CHECK(found[0].dataset == "y");
  CHECK(found[0].ref == "resource:default/y");
  CHECK(found[0].shown.empty());
}

TEST_CASE("a document of readers that is cut anywhere is damage") {
  const auto whole = dump_json(json::array({reader("component:default/x", "", "x \\ \"")}));
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(read_readers(whole.substr(0, size)));
  CHECK_FALSE(read_readers(whole + "]"));
  CHECK_FALSE(read_readers(R"(["x"])"));
}
