// A workflow.
#include "events/workflow.hpp"
#include "config/workspace.hpp"
#include "tests/fuzz/config_fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

SKEIN_FUZZ(workflow, bytes) {
  const auto read = config::parse_workflow(bytes, file_name);
  if (!read)
    return must_name_places(read.error());
  must(faults_of(*read).empty(), "a workflow that was read can run");
  for (const auto& step : read->steps) {
    must(!step.agent.empty() && step.timeout.count() > 0, "a step has an agent and time");
    for (const auto& rule : step.retry.rules)
      must(rule.base.count() >= 0 && rule.cap.count() >= 0, "no wait is negative");
  }
}
