#include "actors/scanner.hpp"

#include "actors/scanner_runs.hpp"
#include "config/log.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>

namespace skein::actors {

namespace {

using namespace std::chrono_literals;

/// Not the whole way to the next run at once: the machine's clock may be set, or sleep.
constexpr std::chrono::seconds nap_max{60};

config::utc_time wall_clock(const scanner_state& st) {
  return std::chrono::floor<std::chrono::seconds>(st.world.now());
}

// -- by the clock -----------------------------------------------------------------------------

void save(const scanner_state& st) {
  if (auto saved = st.ports.save(st.schedule->last()); !saved)
    log::warn("schedule-not-saved", "{}", saved.error().what);
}

void start_due(scanner_pointer self, const schedule_keeper::plan& plan) {
  for (const auto& why : plan.trouble)
    log::error("schedule-broken", "{}", why);
  for (const auto& agent : plan.skipped)
    log::info("scan-skipped", "agent {} was due, but was missed or still runs", agent);
  if (plan.start.empty())
    return;
  const auto scan = new_scan_id(self->state.world);
  for (const auto& agent : plan.start)
    begin_scan(self, {scan, agent});
}

void look_at_schedule(scanner_pointer self, moment now) {
  auto& st = self->state;
  const auto before = st.schedule->last();
  const auto time = wall_clock(st);
  const auto plan = st.schedule->look(time);
  // Remembered first: after a crash a run is missed at worst, and never made again and again.
  if (st.schedule->last() != before)
    save(st);
  const auto nap = std::clamp<std::chrono::seconds>(plan.next - time, 1s, nap_max);
  st.next_look = now + nap;
  start_due(self, plan);
}

// -- on demand --------------------------------------------------------------------------------

/// The agents that a call means, or why there is none.
expected<std::vector<std::string>> wanted(const scanner_state& st, const std::string& agent) {
  if (!agent.empty()) {
    if (!find_agent(st, agent))
      return fail("the workspace defines no agent " + agent + "; name one of its agents folder");
    return std::vector{agent};
  }
  std::vector<std::string> all;
  for (const auto& each : st.options.agents)
    if (each.schedule)
      all.push_back(each.name);
  if (all.empty())
    return fail("no agent of the workspace has a `schedule`; say which one to run");
  return all;
}

/// The scan that the agent runs for, if it must not run twice at once.
std::optional<std::string> busy_with(const scanner_state& st, const std::string& agent) {
  const auto& schedule = find_agent(st, agent)->schedule;
  if (schedule && schedule->overlap == config::overlap_policy::allow)
    return std::nullopt;
  for (const auto& [which, about] : st.running)
    if (which.agent == agent)
      return which.scan;
  return std::nullopt;
}

scan_reply start_now(scanner_pointer self, const std::string& agent) {
  auto& st = self->state;
  if (st.is_stopping)
    return {{}, {}, {}, "the scanner is shutting down; try again"};
  const auto agents = wanted(st, agent);
  if (!agents)
    return {{}, {}, {}, agents.error().what};
  scan_reply reply;
  for (const auto& each : *agents)
    if (const auto scan = busy_with(st, each)) {
      reply.scan = *scan;
      reply.running.push_back(each);
    } else {
      reply.started.push_back(each);
    }
  if (!reply.started.empty())
    reply.scan = new_scan_id(st.world);
  for (const auto& each : reply.started) {
    st.schedule->started(each);
    begin_scan(self, {reply.scan, each});
  }
  return reply;
}

// -- what is due ------------------------------------------------------------------------------

void look(scanner_pointer self) {
  auto& st = self->state;
  const auto now = self->clock().now();
  st.wake.rang(now);
  if (st.is_stopping) {
    if (st.running.empty() || now >= st.stop_by)
      return self->quit();
    return st.wake.set(self, st.stop_by);
  }
  if (now >= st.next_look)
    look_at_schedule(self, now);
  const auto next_retry = retry_scans(self, now);
  st.wake.set(self, std::min(st.next_look, next_retry));
}

void stop(scanner_pointer self) {
  auto& st = self->state;
  st.is_stopping = true;
  st.stop_by = self->clock().now() + st.options.grace + 1s;
  std::erase_if(st.running, [](const auto& each) { return !each.second.process; });
  for (const auto& [which, about] : st.running)
    about.process->stop(st.options.grace);
}

} // namespace

scanner_actor::behavior_type scanner(scanner_pointer self, scanner_options options,
                                     scanner_ports ports, worker_facts facts,
                                     std::shared_ptr<runner> runs, ambient world) {
  auto& st = self->state;
  st.options = std::move(options);
  st.ports = std::move(ports);
  st.facts = std::move(facts);
  st.runs = std::move(runs);
  st.world = std::move(world);
  st.back = keep_door<scanner_actor>(self);
  st.schedule
      = std::make_unique<schedule_keeper>(st.options.agents, st.options.last, wall_clock(st));
  save(st);
  self->send(self, atom::tick_v);
  return {
      [=](const scan_call& call) {
        call.reply(start_now(self, call.agent));
        look(self);
      },
      [=](atom::stop) {
        stop(self);
        look(self);
      },
      [=](const scan_ended& ended) {
        end_scan(self, ended.which, ended.result);
        look(self);
      },
      [=](atom::tick) { look(self); },
  };
}

} // namespace skein::actors
