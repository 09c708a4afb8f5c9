#include "config/workspace.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein::config;
using namespace skein::config::test;
using Catch::Matchers::Contains;

namespace {

const std::string whole = R"(name: copier
command: [copy, "--to", "${SKEIN_TARGET_VERSION}"]
args: [--fast, 2]
env: {A: 1, B: , C: "x y"}
volumes: [/a:/b, ./c:/d:ro]
schedule: 30 2 * * *
timezone: Europe/Berlin
overlap: queue
missed: skip
limits: {cpu: 10m, memory: 1GiB}
concurrency: 3
channel: email
)";

agent parsed(const std::string& text) {
  auto result = parse_agent(text, "a.yaml");
  REQUIRE(lines(result) == "");
  return *result;
}

} // namespace

TEST_CASE("the seed's agent is read as it stands") {
  auto x = parsed(read_file(SEED_FOLDER "/agent_discovery.yaml"));
  CHECK(x.name == "dataset-scanner");
  CHECK(x.image == "honk-agent:latest");
  CHECK(x.command == std::vector<std::string>{"python", "scanner.py"});
  REQUIRE(x.schedule);
  CHECK(x.schedule->when.text == "0 */6 * * *");
  CHECK(x.schedule->time_zone == "UTC");
  CHECK(x.schedule->overlap == overlap_policy::skip);
  CHECK(x.schedule->missed == missed_policy::run_once);
  using variable = std::pair<std::string, std::string>;
  CHECK(x.environment
        == std::vector<variable>{{"METADATA_API", "https://metadata.internal"},
                                 {"OUTPUT_TOPIC", "honk.actions.migrate"}});
  REQUIRE(x.volumes.size() == 1);
  CHECK(x.volumes[0].host == "/tmp/scan-results");
  CHECK(x.volumes[0].target == "/data");
  CHECK_FALSE(x.volumes[0].read_only);
  REQUIRE(x.warnings.size() == 1);
  CHECK_THAT(x.warnings[0],
             Contains("a.yaml:3:8: the image \"honk-agent:latest\" is a moving tag"));
}

TEST_CASE("every field of an agent is read") {
  auto x = parsed(whole);
  CHECK(x.command
        == std::vector<std::string>{"copy", "--to", "${SKEIN_TARGET_VERSION}", "--fast", "2"});
  CHECK(x.environment.size() == 3);
  CHECK(x.environment[0].second == "1");
  CHECK(x.environment[1].second == "");
  CHECK(x.volumes[1].read_only);
  CHECK(x.volumes[1].host == "./c");
  CHECK(x.volumes[1].target == "/d");
  CHECK(x.schedule->time_zone == "Europe/Berlin");
  CHECK(x.schedule->overlap == overlap_policy::queue);
  CHECK(x.schedule->missed == missed_policy::skip);
  CHECK(x.limits.cpu == std::chrono::minutes{10});
  CHECK(x.limits.memory_bytes == 1u << 30);
  CHECK(x.concurrency == 3);
  CHECK(x.channel == "email");
  CHECK(x.warnings.empty());
}

TEST_CASE("an image moves unless its tag or digest says which one it is") {
  auto [image, moves] = GENERATE(table<std::string, bool>({{"a", true},
                                                           {"a:latest", true},
                                                           {"host:5000/a", true},
                                                           {"a:1.0", false},
                                                           {"host:5000/a:1.0", false},
                                                           {"a@sha256:00", false}}));
  CAPTURE(image);
  CHECK(parsed("name: a\nimage: " + image + "\n").warnings.empty() != moves);
}

TEST_CASE("what is wrong with an agent is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"name: copier", "nmae: copier", "a.yaml:1:1: the agent has no field \"nmae\"; did you mean"},
      {"name: copier", "name: a b", "a.yaml:1:7: \"a b\" cannot be a name"},
      {"name: copier", "name: [a]", "must be text, not a list"},
      {"command: [copy, \"--to\", \"${SKEIN_TARGET_VERSION}\"]", "command: a | b",
       "a.yaml:2:10: the command holds \"|\""},
      {"[copy, \"--to\", \"${SKEIN_TARGET_VERSION}\"]", "[]", "a.yaml:2:10: the command is empty"},
      {"command: [copy, \"--to\", \"${SKEIN_TARGET_VERSION}\"]\n", "",
       "a.yaml:1:1: the agent needs a \"command\", or an \"image\""},
      {"{A: 1, B: , C: \"x y\"}", "A=1", "must be a map, or a list of NAME: value"},
      {"{A: 1, B: , C: \"x y\"}", "[A=1]", "must be NAME: value, with a space"},
      {"{A: 1, B: , C: \"x y\"}", "[A: 1, A: 2]", "the variable \"A\" is set a second time"},
      {"B: ,", "1B: ,", "a.yaml:4:13: \"1B\" cannot be the name of an environment variable"},
      {"A: 1", "A: [1]", "the variable \"A\" must be text, not a list"},
      {"/a:/b", "/a", "a.yaml:5:11: \"/a\" is no volume"},
      {"/a:/b", "/a:b", "is no volume"},
      {"/a:/b", "/a:/b:rx", "is no volume"},
      {"30 2 * * *", "30 2 * *", "a.yaml:6:11: the schedule \"30 2 * *\" must have five fields"},
      {"schedule: 30 2 * * *\n", "",
       "a.yaml:6:11: \"timezone\" means nothing without a \"schedule\""},
      {"Europe/Berlin", "Europe/Belrin",
       "a.yaml:7:11: the time zone \"Europe/Belrin\" is not known"},
      {"queue", "qeue", "a.yaml:8:10: \"overlap\" of the agent cannot be \"qeue\"; did you mean"},
      {"missed: skip", "missed: run", "did you mean \"run_once\"?"},
      {"cpu: 10m", "cpus: 10m", "the limits has no field \"cpus\"; did you mean \"cpu\"?"},
      {"memory: 1GiB", "memory: 1G", "\"1G\" is not a size"},
      {"concurrency: 3", "concurrency: -3", "must be a whole number"},
      {"channel: email", "channel: a b", "cannot be a channel"},
  }));
  CAPTURE(part, instead);
  CHECK_THAT(lines(parse_agent(with(whole, part, instead), "a.yaml")), Contains(message));
}
