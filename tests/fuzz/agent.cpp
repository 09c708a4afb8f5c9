// An agent's definition.
#include "config/workspace.hpp"
#include "tests/fuzz/config_fuzz.hpp"

using namespace skein;
using namespace skein::fuzz;

SKEIN_FUZZ(agent, bytes) {
  const auto read = config::parse_agent(bytes, file_name);
  if (!read)
    return must_name_places(read.error());
  must(!read->name.empty() && read->origin.starts_with("f.yaml:"), "an agent has a name");
  must(!read->command.empty() || !read->image.empty(), "an agent has something to run");
  for (const auto& each : read->volumes)
    must(!each.host.empty() && each.target.starts_with('/'), "a volume has two ends");
  if (read->schedule)
    must(config::next_run(read->schedule->when, read->schedule->time_zone, {}).has_value(),
         "a schedule has a next run");
}
