#include "agents/agent_io.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace skein::agents;

namespace {

outcome<nlohmann::json> read(const std::string& text) {
  std::istringstream in{text};
  return read_input(in);
}

/// Sets an environment variable for the length of a test.
class variable {
public:
  variable(const char* name, const char* value) : name_{name} { ::setenv(name, value, 1); }
  ~variable() { ::unsetenv(name_); }

private:
  const char* name_;
};

} // namespace

TEST_CASE("the input is one JSON object, or nothing") {
  CHECK(read("{\"step\":\"discover\"}")->at("step") == "discover");
  CHECK(read("")->empty());
  CHECK(read(" \n")->empty());
  for (const auto* bad : {"{", "[1]", "3", "{\"a\":1} trailing", "\xff\xfe"}) {
    CAPTURE(bad);
    const auto refused = read(bad);
    REQUIRE(!refused);
    CHECK(refused.error().kind == trouble_kind::permanent);
  }
}

TEST_CASE("an attempt is known from SKEIN_ variables, or Nomad's") {
  const variable nomad_dataset{"NOMAD_META_DATASET_ID", "films"};
  const variable nomad_target{"NOMAD_META_TARGET_VERSION", "v2"};
  CHECK(attempt::from_environment().dataset == "films");
  const variable dataset{"SKEIN_DATASET_ID", "movies"};
  const variable number{"SKEIN_ATTEMPT", "3"};
  const variable api{"SKEIN_METADATA_API", "http://skein"};
  const auto x = attempt::from_environment();
  CHECK(x.dataset == "movies");
  CHECK(x.target_version == "v2");
  CHECK(x.number == 3);
  CHECK(x.metadata_api == "http://skein");
  const variable own_api{"METADATA_API", "http://own"};
  CHECK(attempt::from_environment().metadata_api == "http://own");
}

TEST_CASE("numbers in the environment that are none count as unset") {
  const variable number{"SKEIN_TEST_NUMBER", "12x"};
  CHECK(env_number("SKEIN_TEST_NUMBER", 7) == 7);
  CHECK(env_number("SKEIN_TEST_NUMBER_THAT_IS_NOT_SET", 8) == 8);
}

TEST_CASE("the exit code says whether to try again") {
  CHECK(exit_code({trouble_kind::transient, "x", {}}) == 75);
  CHECK(exit_code({trouble_kind::permanent, "x", {}}) == 1);
  CHECK(exit_code({trouble_kind::not_found, "x", {}}) == 1);
  CHECK(exit_code({trouble_kind::conflict, "x", {}}) == 1);
}
