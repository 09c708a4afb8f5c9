#include "actors/notifier_runs.hpp"

#include "actors/backoff.hpp"
#include "actors/json_text.hpp"
#include "actors/launch_plan.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <nlohmann/json.hpp>

namespace skein::actors {

namespace {

using nlohmann::json;
using stage = digest_batch::stage;

constexpr std::chrono::milliseconds longest_wait = std::chrono::minutes{10};
constexpr uint64_t copy_deliveries_max = 10;

/// Notices that come after the rest of their digest was told must not replace that mail.
std::string part_id(const recent_set& told, const std::string& digest) {
  auto id = digest;
  for (int part = 2; told.contains(id); ++part)
    id = digest + "-" + std::to_string(part);
  return id;
}

tl::expected<std::unique_ptr<run>, migration::setback> start_run(notifier_pointer self,
                                                                 digest_batch& batch) {
  auto& st = self->state;
  std::vector<bus::notice> notices;
  for (const auto& held : batch.notices)
    notices.push_back(held.what);
  const auto& agent = st.options.agents.at(batch.channel);
  auto planned = plan_digest(batch.digest, notices, agent, st.options.defaults, st.facts);
  if (!planned)
    return tl::unexpected{migration::setback{error_class::permanent, planned.error().what}};
  bus::agent_line who;
  who.agent = agent.name;
  who.worker = st.facts.worker;
  auto out = voice_of(std::move(who), st.ports.say, std::make_shared<gauge>());
  out.ended = [back = st.back, id = batch.id](run_result how) {
    back->send(notices_told{id, std::move(how)});
  };
  return st.runs->start(std::move(*planned), std::move(out));
}

/// What the agent's output says of one migration, with the digest it was told in.
std::string output_for(const json& output, const bus::notice& what, const std::string& digest) {
  auto mine = json::object();
  if (const auto results = output.find("results"); results != output.end())
    if (const auto found = results->find(what.migration); found != results->end())
      mine = found->is_object() ? *found : json{{"result", *found}};
  mine["digest"] = digest;
  return dump_json(mine);
}

void report(notifier_pointer self, const bus::notice& what,
            std::variant<migration::success, migration::setback> how, const std::string& digest) {
  bus::report::item item{
      what.migration, {what.step, what.attempt, what.epoch, std::move(how)}, what.telling};
  item.telling.digest = digest;
  self->state.reports.add(std::move(item));
}

void report_success(notifier_pointer self, digest_batch& batch, const migration::success& how) {
  const auto output = parse_json(how.output).value_or(json::object());
  self->state.told_parts.add(batch.digest);
  log::info("digest-told", "{} notices of {} by {}", batch.notices.size(), batch.digest,
            batch.channel);
  self->state.book.finish_copies(batch, [](const auto&) { return true; });
  for (const auto& held : batch.notices)
    report(self, held.what, migration::success{output_for(output, held.what, batch.digest), {}, {}},
           batch.digest);
}

/// For whoever tries a channel, and waits to hear how it went.
void say_result(notifier_pointer self, const digest_batch& batch,
                const std::variant<migration::success, migration::setback>& how) {
  const auto& st = self->state;
  json result{{"digest", batch.digest}, {"channel", batch.channel}};
  if (const auto* good = std::get_if<migration::success>(&how)) {
    result["ok"] = true;
    result["output"] = parse_json(good->output).value_or(json::object());
  } else {
    const auto& bad = std::get<migration::setback>(how);
    result["ok"] = false;
    result["class"] = to_string(bad.kind);
    result["why"] = bad.why;
  }
  bus::agent_line line;
  line.agent = st.options.agents.at(batch.channel).name;
  line.worker = st.facts.worker;
  line.stream = "result";
  line.text = dump_json(result);
  line.progress = 1;
  st.ports.say(std::move(line));
}

/// Nobody is owed a copy: one that cannot be told is given up at last.
bool is_given_up(const notice_delivery& held, const migration::setback& how) {
  return held.what.is_copy
         && (how.kind == error_class::permanent || held.deliveries >= copy_deliveries_max);
}

/// The coordinator has a step's attempt made again, in another digest; what no step stands for is
/// up to the bus.
void report_failure(notifier_pointer self, digest_batch& batch, const migration::setback& how) {
  auto& st = self->state;
  log::warn("digest-failed", "{} notices of {} by {}: {}", batch.notices.size(), batch.digest,
            batch.channel, how.why);
  st.book.finish_copies(batch, [&](const auto& held) { return is_given_up(held, how); });
  std::vector<std::pair<attempt_key, uint64_t>> without_step;
  for (const auto& held : batch.notices)
    if (held.what.step.empty())
      without_step.emplace_back(key_of(held.what), held.deliveries);
    else
      report(self, held.what, how, batch.digest);
  for (const auto& [which, deliveries] : without_step)
    st.book.give_back(
        batch, which,
        backoff(static_cast<uint32_t>(deliveries), st.options.retry_after, longest_wait));
}

void conclude(notifier_pointer self, digest_batch& batch,
              const std::variant<migration::success, migration::setback>& how) {
  batch.at = stage::telling;
  say_result(self, batch, how);
  if (const auto* good = std::get_if<migration::success>(&how))
    report_success(self, batch, *good);
  else
    report_failure(self, batch, std::get<migration::setback>(how));
  if (batch.notices.empty())
    self->state.book.forget(batch.id);
}

} // namespace

void begin_telling(notifier_pointer self, digest_batch& batch) {
  auto& st = self->state;
  batch.digest = part_id(st.told_parts, batch.digest);
  batch.at = stage::running;
  auto started = start_run(self, batch);
  if (!started)
    return conclude(self, batch, started.error());
  st.running.emplace(batch.id, std::move(*started));
}

void end_telling(notifier_pointer self, uint64_t id, const run_result& result) {
  auto& st = self->state;
  st.running.erase(id);
  auto* batch = st.book.find(id);
  if (!batch)
    return;
  const auto* bad = std::get_if<migration::setback>(&result.outcome);
  // When the notifier stops the leases live on, and whoever takes over tells the batch.
  if (!bad || bad->kind != error_class::lost || !st.is_stopping)
    conclude(self, *batch, result.outcome);
}

} // namespace skein::actors
