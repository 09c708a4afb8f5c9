#include "config/workspace.hpp"
#include "tests/config/support.hpp"

#include <catch2/catch.hpp>

using namespace skein;
using namespace skein::config;
using namespace skein::config::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

const std::string flow = R"(workflow:
  name: careful
  steps:
    - name: first
      agent: a
      timeout: 90s
      retry:
        transient: {attempts: 7, base: 500ms, cap: 2m}
        lost: {attempts: 1}
        timeout: {base: 5m}
    - name: second
      agent: b
      depends_on: first
    - name: third
      agent: c
      depends_on: [first, second]
)";

} // namespace

TEST_CASE("the seed's workflow is read as it stands") {
  auto x = parse_workflow(read_file(SEED_FOLDER "/workflow.yaml"), "w.yaml");
  REQUIRE(lines(x) == "");
  CHECK(x->name == "dataset-migration");
  REQUIRE(x->steps.size() == 4);
  CHECK(x->steps[0].name == "discover");
  CHECK(x->steps[0].agent == "dataset-scanner");
  CHECK(x->steps[0].depends_on.empty());
  CHECK(x->steps[0].timeout == 15min);
  CHECK(x->steps[0].retry == retry_policy{});
  CHECK(x->steps[2].agent == "fleet-manager");
  CHECK(x->steps[3].depends_on == std::vector<std::string>{"execute-migration"});
}

TEST_CASE("timeouts, retries and several dependencies") {
  auto x = parse_workflow(flow, "w.yaml");
  REQUIRE(lines(x) == "");
  const auto& retry = x->steps[0].retry;
  retry_policy defaults;
  CHECK(x->steps[0].timeout == 90s);
  CHECK(retry.of(error_class::transient) == retry_rule{7, 500ms, 2min});
  CHECK(retry.of(error_class::lost).max_attempts == 1);
  CHECK(retry.of(error_class::lost).cap == defaults.of(error_class::lost).cap);
  CHECK(retry.of(error_class::timeout).cap == 5min);
  CHECK(retry.of(error_class::permanent) == defaults.of(error_class::permanent));
  CHECK(x->steps[2].depends_on == std::vector<std::string>{"first", "second"});
}

TEST_CASE("what is wrong with a workflow is said with its place") {
  auto [part, instead, message] = GENERATE(table<std::string, std::string, std::string>({
      {"workflow:", "workflwo:",
       "w.yaml:1:1: the document has no field \"workflwo\"; did you mean"},
      {"name: careful", "name: a b", "w.yaml:2:9: \"a b\" cannot be a name"},
      {"name: first", "nam: first",
       "w.yaml:4:7: the step has no field \"nam\"; did you mean \"name\"?"},
      {"agent: a", "agent:", "w.yaml:5:7: the step needs a value for \"agent\""},
      {"depends_on: first", "depends-on: first", "did you mean \"depends_on\"?"},
      {"depends_on: first", "depends_on: frist", "w.yaml:11:7: "},
      {"depends_on: first", "depends_on: third", "w.yaml:"},
      {"depends_on: first", "depends_on: {a: b}", "must be text, not a map"},
      {"name: second", "name: first",
       "w.yaml:11:13: the step \"first\" is there already, at w.yaml:4:13; rename one of them"},
      {"timeout: 90s", "timeout: soon", "w.yaml:6:16: \"timeout\" of the step: \"soon\" is not a"},
      {"timeout: 90s", "timeout: 0", "a step needs some time"},
      {"transient:", "transent:", "did you mean \"transient\"?"},
      {"attempts: 7", "attempts: 0", "must be a whole number from 1"},
      {"cap: 2m", "cap: 100ms", "must not be shorter than \"base\""},
  }));
  CAPTURE(part, instead);
  CHECK_THAT(lines(parse_workflow(with(flow, part, instead), "w.yaml")), Contains(message));
}

TEST_CASE("a workflow without steps is refused") {
  CHECK_THAT(lines(parse_workflow("workflow: {name: x}\n", "w.yaml")), Contains("w.yaml:1:"));
  CHECK_THAT(lines(parse_workflow("workflow: {name: x, steps: 3}\n", "w.yaml")),
             Contains("must be a list"));
  CHECK_THAT(lines(parse_workflow("workflow:\n", "w.yaml")),
             Contains("needs a map of fields under \"workflow\""));
}
