#include "actors/scanner_runs.hpp"

#include "actors/json_text.hpp"
#include "actors/launch_plan.hpp"
#include "config/log.hpp"

#include <algorithm>
#include <array>
#include <caf/typed_event_based_actor.hpp>
#include <ctime>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;
using outcome = std::variant<migration::success, migration::setback>;

bus::agent_line voice(const scanner_state& st, const scan_key& which) {
  bus::agent_line who;
  who.agent = which.agent;
  who.worker = st.facts.worker;
  return who;
}

tl::expected<std::unique_ptr<run>, migration::setback> start_run(scanner_pointer self,
                                                                 const scan_key& which) {
  auto& st = self->state;
  auto planned = plan_scan(which.scan, *find_agent(st, which.agent), st.options.defaults, st.facts);
  if (!planned)
    return tl::unexpected{migration::setback{error_class::permanent, planned.error().what}};
  auto out = voice_of(voice(st, which), st.ports.say, std::make_shared<gauge>());
  out.ended = [back = st.back, which](run_result how) {
    back->send(scan_ended{which, std::move(how)});
  };
  return st.runs->start(std::move(*planned), std::move(out));
}

json result_of(const scan_key& which, const outcome& how) {
  if (const auto* good = std::get_if<migration::success>(&how))
    return {{"scan", which.scan},
            {"ok", true},
            {"output", parse_json(good->output).value_or(json::object())}};
  const auto& bad = std::get<migration::setback>(how);
  return {{"scan", which.scan}, {"ok", false}, {"class", to_string(bad.kind)}, {"why", bad.why}};
}

void tell(const scanner_state& st, const scan_key& which, const outcome& how) {
  if (const auto* bad = std::get_if<migration::setback>(&how))
    log::warn("scan-failed", "{} by {}: {}: {}", which.scan, which.agent, to_string(bad->kind),
              bad->why);
  else
    log::info("scan-completed", "{} by {}: {}", which.scan, which.agent,
              std::get<migration::success>(how).output);
  auto line = voice(st, which);
  line.stream = "result";
  line.text = dump_json(result_of(which, how));
  line.progress = 1;
  st.ports.say(std::move(line));
}

bool may_retry(const scanner_state& st, const scan_run& about, const outcome& how) {
  const auto* bad = std::get_if<migration::setback>(&how);
  return bad && bad->kind == error_class::transient && !about.was_retried && !st.is_stopping;
}

/// A retry keeps the scan's id, by which what it publishes again is recognised.
void conclude(scanner_pointer self, const scan_key& which, const outcome& how) {
  auto& st = self->state;
  auto& about = st.running[which];
  about.process.reset();
  if (may_retry(st, about, how)) {
    log::info("scan-retried", "{} by {} in {} s: {}", which.scan, which.agent,
              st.options.retry_after.count() / 1000, std::get<migration::setback>(how).why);
    about.was_retried = true;
    about.retry_at = self->clock().now() + st.options.retry_after;
    return;
  }
  tell(st, which, how);
  st.running.erase(which);
  st.schedule->ended(which.agent);
  st.next_look = {}; // one may be queued
}

} // namespace

std::string new_scan_id(const ambient& world) {
  const std::time_t now
      = std::chrono::floor<std::chrono::seconds>(world.now()).time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  const auto count = std::strftime(text.data(), text.size(), "scan-%Y%m%dT%H%M%SZ-", &utc);
  std::snprintf(text.data() + count, text.size() - count, "%04x",
                static_cast<unsigned>(world.random() & 0xFFFF));
  return text.data();
}

const config::agent* find_agent(const scanner_state& st, const std::string& name) {
  const auto& all = st.options.agents;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const config::agent& x) { return x.name == name; });
  return found == all.end() ? nullptr : &*found;
}

void begin_scan(scanner_pointer self, const scan_key& which) {
  auto& about = self->state.running[which];
  about.retry_at.reset();
  auto started = start_run(self, which);
  if (!started)
    return conclude(self, which, started.error());
  log::info("scan-started", "{} by {}", which.scan, which.agent);
  about.process = std::move(*started);
}

void end_scan(scanner_pointer self, const scan_key& which, const run_result& result) {
  if (self->state.running.contains(which))
    conclude(self, which, result.outcome);
}

moment retry_scans(scanner_pointer self, moment now) {
  auto next = moment::max();
  std::vector<scan_key> due;
  for (const auto& [which, about] : self->state.running) {
    if (about.retry_at && *about.retry_at <= now)
      due.push_back(which);
    else if (about.retry_at)
      next = std::min(next, *about.retry_at);
  }
  for (const auto& which : due)
    begin_scan(self, which);
  return next;
}

} // namespace skein::actors
