#include "tests/simulation/plan.hpp"

namespace skein::simulation {

namespace {

using namespace std::chrono_literals;

/// Short waits, so that much happens in little virtual time.
retry_policy quick_retries() {
  retry_policy policy;
  policy.rules = {{{4, 200ms, 2s}, {1, 0s, 0s}, {2, 500ms, 3s}, {10, 0s, 2s}, {2, 1s, 3s}}};
  return policy;
}

step make_step(std::string name, std::string agent, std::vector<std::string> depends_on) {
  return {std::move(name), std::move(agent), std::move(depends_on), 20s, quick_retries()};
}

/// `discover` says whose the dataset is, a few steps depend on it and on each other as it comes,
/// and perhaps the last one tells somebody.
workflow draw_flow(dice& draw) {
  workflow flow{"simulated", {make_step("discover", "dataset-scanner", {})}};
  const auto middle = draw.between(0, 4);
  for (std::size_t i = 0; i < middle; ++i) {
    std::vector<std::string> on{"discover"};
    for (std::size_t j = 1; j <= i; ++j)
      if (draw.percent(40))
        on.push_back("work-" + std::to_string(j));
    flow.steps.push_back(make_step("work-" + std::to_string(i + 1),
                                   draw.percent(50) ? "migration-agent" : "checker",
                                   std::move(on)));
  }
  if (draw.percent(60)) {
    std::vector<std::string> all;
    for (const auto& each : flow.steps)
      all.push_back(each.name);
    flow.steps.push_back(make_step("notify", "email-sender", std::move(all)));
  }
  return flow;
}

actors::dispatch_limits draw_limits(dice& draw) {
  actors::dispatch_limits limits;
  if (draw.percent(50))
    limits.total = static_cast<uint32_t>(draw.between(1, 4));
  if (draw.percent(50))
    limits.per_owner = static_cast<uint32_t>(draw.between(1, 2));
  if (draw.percent(50))
    limits.per_storage = static_cast<uint32_t>(draw.between(1, 2));
  if (draw.percent(50))
    limits.per_agent["migration-agent"] = static_cast<uint32_t>(draw.between(1, 2));
  return limits;
}

/// Times are short, as everything here; the world begins at midnight.
config::notifications draw_notifications(dice& draw) {
  config::notifications how;
  if (draw.percent(50))
    how.channels = {"email", "chat"};
  if (draw.percent(30))
    how.copies = {"chat"};
  if (draw.percent(30)) {
    how.quiet.from = std::chrono::minutes{draw.between(0, 1)};
    how.quiet.to = how.quiet.from + 1min;
  }
  if (draw.percent(50)) {
    how.reminders.after = how.reminders.every = std::chrono::seconds{draw.between(2, 20)};
    how.reminders.at_most = static_cast<uint32_t>(draw.between(0, 2));
    how.reminders.kinds = {"held", "parked"};
  }
  if (draw.percent(50)) {
    how.reminders.escalate_after = std::chrono::seconds{draw.between(1, 60)};
    how.reminders.escalate_on = {"chat"};
  }
  return how;
}

/// Windows are small, so that breakers open in a world of a few migrations.
config::breakers draw_breakers(dice& draw) {
  config::breakers how;
  how.window = draw.percent(50) ? static_cast<uint32_t>(draw.between(1, 5)) : 0;
  how.failure_percent = static_cast<uint32_t>(draw.between(20, 100));
  how.open_for = std::chrono::seconds{draw.between(1, 10)};
  how.longest = std::chrono::seconds{draw.between(10, 30)};
  return how;
}

bus_faults draw_bus_faults(dice& draw) {
  bus_faults faults;
  faults.delay_max = draw.percent(50) ? 20ms : draw.between(100ms, 3000ms);
  if (draw.percent(50))
    faults.loss_percent = draw.between(1, 20);
  if (draw.percent(50))
    faults.duplicate_percent = draw.between(1, 20);
  faults.partitions = draw.percent(50);
  return faults;
}

} // namespace

plan draw_plan(uint64_t seed) {
  dice draw{seed};
  plan made;
  made.seed = seed;
  made.datasets = draw.between(1, 10);
  made.flow = draw_flow(draw);
  made.limits = draw_limits(draw);
  made.lease_ttl = draw.between(2000ms, 6000ms);
  if (draw.percent(70))
    made.bus = draw_bus_faults(draw);
  if (draw.percent(50))
    made.publish_failure_percent = draw.between(5, 40);
  if (draw.percent(60))
    made.crash_one_in = draw.between(100, 3000);
  if (draw.percent(30))
    made.disk_failure_one_in = draw.between(10, 200);
  if (draw.percent(50))
    made.starvation_one_in = draw.between(20, 500);
  made.workers = draw.between(1, 3);
  made.slots = static_cast<uint32_t>(draw.between(1, 4));
  made.workers_die = draw.percent(50);
  made.notifier_dies = draw.percent(50);
  made.liars = draw.percent(50) ? draw.between(1, 2) : 0;
  made.operators = draw.percent(50);
  made.agents_fail = draw.percent(60);
  made.agents_hold = draw.percent(40);
  made.chaos = draw.between(5'000ms, 60'000ms);
  if (draw.percent(50))
    made.awake_max = draw.between(1, 3);
  made.how = draw_notifications(draw);
  made.breakers = draw_breakers(draw);
  return made;
}

} // namespace skein::simulation
