#include "cluster/subjects.hpp"
#include "fixtures.hpp"
#include "program.hpp"
#include "tests/cluster/nats_fixture.hpp"

#include <mutex>

using namespace skein;
using namespace skein::agents::test;
using nlohmann::json;

namespace {

const json input{{"digest", "scan-7"},
                 {"notices",
                  {{{"migration", "movies@v2"},
                    {"dataset", "movies"},
                    {"kind", "held"},
                    {"reason", "may it?"},
                    {"owner", "group:default/film"},
                    {"current_version", "v1"},
                    {"target_version", "v2"}}}}};

program_run send(const std::string& url) {
  return run_program({{SKEIN_NATS_SENDER}, {{"SKEIN_NATS_URL", url}}, input.dump()});
}

} // namespace

TEST_CASE_METHOD(skein::tests::nats_fixture, "each owner is told on a subject of its own, once") {
  const auto run = send(server->url());
  CHECK(run.exit_code == 0);
  const std::string subject = "skein.v1.told.group=3Adefault=2Ffilm";
  CHECK(run.output.at("messages").at(0).at("subject") == subject);
  const auto stored = tests::must(bus->last_message(cluster::streams::told, subject));
  REQUIRE(stored);
  const auto told = json::parse(stored->data);
  CHECK(told.at("digest") == "scan-7");
  CHECK(told.at("owner") == "group:default/film");
  CHECK(told.at("notices").at(0).at("decision").at("question") == "may it?");
  // A repeat is dropped by its id.
  CHECK(send(server->url()).exit_code == 0);
  CHECK(tests::must(bus->stream_info(cluster::streams::told)).messages == 1);
}

TEST_CASE("without a bus there is another try, and without its address none") {
  CHECK(send("nats://127.0.0.1:1").exit_code == 75);
  const auto run = send("");
  CHECK(run.exit_code == 1);
  CHECK(run.reason.find("SKEIN_NATS_URL") != std::string::npos);
}
