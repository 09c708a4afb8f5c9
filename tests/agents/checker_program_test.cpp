#include "metadata_server.hpp"
#include "program.hpp"

#include <catch2/catch.hpp>

using namespace skein::agents::test;
using nlohmann::json;

namespace {

program_run checker(const metadata_server& store, std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.begin(), SKEIN_DEPENDENCY_CHECKER);
  return run_program({arguments,
                      {{"METADATA_API", store.url()},
                       {"SKEIN_STEP", "validate-dependencies"},
                       {"SKEIN_DATASET_ID", "films"},
                       {"SKEIN_CURRENT_VERSION", "v1"},
                       {"SKEIN_TARGET_VERSION", "v2"}}});
}

} // namespace

TEST_CASE("the checker judges every consumer and holds for those that break") {
  metadata_server store;
  const auto run = checker(store);
  CHECK(run.exit_code == 0);
  CHECK(run.output.at("summary") == json{{"compatible", 1}, {"breaks", 1}, {"unknown", 1}});
  CHECK(run.output.at("changes").size() == 3);
  CHECK(run.output.at("consumers").at(0).at("name") == "broken");
  CHECK(run.output.at("consumers").at(0).at("owner_email") == "broken@example.org");
  CHECK(run.output.at("hold")
        == "1 consumer is not ready for this migration: broken (column \"Director\" is dropped).");
}

TEST_CASE("the option --hold-on says what holds") {
  metadata_server store;
  CHECK(!checker(store, {"--hold-on", "never"}).output.contains("hold"));
  const auto strict = checker(store, {"--hold-on", "breaks,unknown"});
  CHECK(strict.output.at("hold").get<std::string>().find("silent") != std::string::npos);
  const auto wrong = checker(store, {"--hold-on", "sometimes"});
  CHECK(wrong.exit_code == 1);
  CHECK(wrong.reason.find("sometimes") != std::string::npos);
}

TEST_CASE("rules that do not fit fail for good, with the place") {
  metadata_server store;
  store.edit([](metadata_server& x) {
    x.documents["films/mappings/v1..v2"] += "    - {column: nonsense, rename: Title}\n";
  });
  const auto run = checker(store);
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("mapping films v1..v2:") != std::string::npos);
  CHECK(run.reason.find("nonsense") != std::string::npos);
}

TEST_CASE("a contract that is missing, or somebody else's, fails for good") {
  metadata_server store;
  store.edit([](metadata_server& x) {
    x.documents["films/contracts/v2"] = x.documents["films/contracts/v1"];
  });
  const auto other = checker(store);
  CHECK(other.exit_code == 1);
  CHECK(other.reason.find("says it is films v1") != std::string::npos);
  store.edit([](metadata_server& x) { x.documents.erase("films/contracts/v2"); });
  CHECK(checker(store).exit_code == 1);
}

TEST_CASE("there is nothing to check at the target version") {
  metadata_server store;
  store.edit([](metadata_server& x) { x.datasets["films"]["current_version"] = "v2"; });
  const auto run = checker(store);
  CHECK(run.exit_code == 0);
  CHECK(run.output.at("already_current") == true);
  CHECK(!run.output.contains("hold"));
}

TEST_CASE("more consumers than an output holds are cut, the broken ones kept") {
  metadata_server store;
  store.edit([](metadata_server& x) {
    auto calm = x.consumers[0];
    for (int i = 0; i < 2000; ++i) {
      calm["name"] = "calm-" + std::to_string(i);
      x.consumers.push_back(calm);
    }
  });
  const auto run = checker(store);
  CHECK(run.exit_code == 0);
  CHECK(run.output.at("consumers").at(0).at("name") == "broken");
  CHECK(run.output.at("consumers").size() + run.output.at("consumers_omitted").get<std::size_t>()
        == 2003);
}
