#include "tests/events/describe.hpp"

#include "events/overloaded.hpp"
#include "events/record.hpp"
#include "events/status.hpp"

namespace skein::tests {

using namespace migration;

namespace {

template <class List, class Show>
std::string joined(const List& list, Show show, const char* between = ", ") {
  std::string text;
  for (const auto& x : list)
    text += (text.empty() ? "" : between) + show(x);
  return text;
}

std::string same(const std::string& x) { return x; }

std::string edge(const step& x) {
  return x.name + (x.depends_on.empty() ? "" : "<-" + joined(x.depends_on, same, "+"));
}

std::string pairs(const labels& from) {
  return joined(
      from, [](const auto& x) { return x.first + "=" + x.second; }, " ");
}

std::string number(uint64_t x) { return std::to_string(x); }

template <class Attempt>
std::string attempt(const Attempt& x) {
  return " " + x.step + " #" + number(x.attempt) + " epoch " + number(x.epoch);
}

std::string spaced(const std::string& x) { return x.empty() ? "" : " " + x; }

std::string span(std::chrono::milliseconds x) { return std::to_string(x.count()) + "ms"; }

const auto show_event = overloaded{
    [](const requested& e) {
      return " " + e.subject.name + " " + e.subject.current_version + " -> "
             + e.subject.target_version + " for " + e.scan + ": " + joined(e.flow.steps, edge);
    },
    [](const attempt_started& e) {
      return attempt(e) + " on " + e.worker + " for " + span(e.lease_ttl);
    },
    [](const attempt_succeeded& e) {
      return attempt(e) + spaced(e.output) + spaced(pairs(e.labels));
    },
    [](const attempt_failed& e) { return attempt(e) + " " + to_string(e.kind) + ": " + e.why; },
    [](const retry_scheduled& e) { return " " + e.step + " at " + rfc3339(e.due); },
    [](const held& e) { return " " + e.step + ": " + e.why; },
    [](const parked& e) { return " " + e.step + ": " + e.why; },
    [](const retried& e) { return spaced(joined(e.steps, same)); },
    [](const approved& e) { return " " + e.step; },
    [](const quarantined& e) { return ": " + e.why; },
    [](const owner_told& e) {
      return " by " + e.digest + (e.channel.empty() ? "" : " on " + e.channel)
             + (e.asked.empty() ? "" : " of " + joined(e.asked, same))
             + (e.remind_at == timestamp{} ? "" : ", again at " + rfc3339(e.remind_at))
             + (e.escalate_at == timestamp{} ? "" : ", to more at " + rfc3339(e.escalate_at));
    },
    [](const cancelled&) { return std::string{}; },
    [](const completed&) { return std::string{}; },
    [](const paused&) { return std::string{}; },
    [](const resumed&) { return std::string{}; },
    [](const rewound& e) { return spaced(joined(e.steps, same)); },
    [](const skipped& e) { return " " + e.step; },
    [](const input_overridden& e) { return " " + e.step + spaced(e.input); },
    [](const hold_placed& e) { return ": " + e.why; },
    [](const hold_lifted&) { return std::string{}; },
    [](const rejected& e) { return spaced(joined(e.steps, same)) + ": " + e.why; },
    [](const priority_changed& e) { return " " + std::to_string(e.priority); },
    [](const rollback_started& e) { return " " + edge(e.plan) + " by " + e.plan.agent; },
    [](const rolled_back&) { return std::string{}; },
    [](const attempt_stopped& e) { return attempt(e) + ": " + e.why; },
    [](const reminder_due& e) { return " #" + number(e.number) + (e.escalates ? " to more" : ""); },
    [](const steered& e) { return " " + event_json(event{e}); },
};

std::string dump_of(const step& plan) {
  std::string text
      = "step " + edge(plan) + " agent=" + plan.agent + " timeout=" + span(plan.timeout) + "\n";
  for (std::size_t i = 0; i < error_class_count; ++i) {
    const auto& rule = plan.retry.rules[i];
    text += std::string{"  retry "} + to_string(static_cast<error_class>(i + 1)) + " "
            + number(rule.max_attempts) + " " + span(rule.base) + " " + span(rule.cap) + "\n";
  }
  return text;
}

std::string dump_of(const step_state& x) {
  return "  status=" + std::string{to_string(x.status)} + " waits_on=" + number(x.waits_on)
         + " attempts=" + number(x.attempts) + " failures=" + joined(x.failures, number, "/")
         + " epoch=" + number(x.epoch) + " worker=" + x.worker + " ttl=" + span(x.lease_ttl)
         + "\n  started=" + rfc3339(x.started) + " ended=" + rfc3339(x.ended) + " due="
         + rfc3339(x.due) + "\n  output=" + x.output + "\n  last_failure=" + x.last_failure + "\n"
         + (x.input.empty() ? "" : "  input=" + x.input + "\n");
}

std::string dump_of(const telling& x) {
  return "telling " + number(x.number) + " since=" + rfc3339(x.since) + " begun=" + rfc3339(x.begun)
         + " reminders=" + number(x.reminders) + (x.is_escalated ? " escalated" : "")
         + "\n  on=" + joined(x.channels, same) + " of=" + joined(x.asked, same)
         + "\n  again=" + rfc3339(x.remind_at) + " to_more=" + rfc3339(x.escalate_at) + "\n";
}

} // namespace

std::string line_of(const event& what) {
  return std::string{name_of(what)} + std::visit(show_event, what);
}

std::string line_of(const effect& what) {
  return std::visit(
      overloaded{
          [](const offer& x) {
            return "offer " + x.step
                   + (x.not_before == timestamp{} ? "" : " from " + rfc3339(x.not_before))
                   + (x.priority == 0 ? "" : " with priority " + std::to_string(x.priority));
          },
          [](const watch& x) {
            return "watch" + attempt(x) + " on " + x.worker + " until " + rfc3339(x.deadline);
          },
          [](const tell&) { return std::string{"tell"}; },
      },
      what);
}

std::string lines_of(const decision& answer) {
  if (const auto* why = std::get_if<rejection>(&answer))
    return "refused: " + std::string{to_string(*why)} + "\n";
  std::string text;
  for (const auto& what : std::get<std::vector<event>>(answer))
    text += line_of(what) + "\n";
  return text;
}

std::string summary_of(const state& now) {
  std::string text = "= " + std::string{to_string(now.phase)} + (now.is_paused ? ", paused" : "")
                     + (now.why.empty() ? "" : ": ") + now.why + "\n =";
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    text += " " + now.flow.steps[i].name + ":" + std::string{to_string(now.steps[i].status)};
  const auto todo = joined(owed(now), [](const effect& x) { return line_of(x); });
  return text + "\n = owes " + (todo.empty() ? "nothing" : todo) + "\n";
}

std::string dump_of(const state& now) {
  std::string text
      = "phase=" + std::string{to_string(now.phase)} + "\nwhy=" + now.why
        + "\ntold=" + (now.told ? "yes" : "no") + "\nsubject=" + number(uint64_t(now.subject.kind))
        + " " + now.subject.name + " " + now.subject.current_version + " -> "
        + now.subject.target_version + "\nscan=" + now.scan + "\nlabels=" + pairs(now.labels)
        + "\nepoch=" + number(now.epoch) + "\nrequested_at=" + rfc3339(now.requested_at)
        + "\nchanged_at=" + rfc3339(now.changed_at) + "\nworkflow=" + now.flow.name + "\n";
  if (now.priority != 0)
    text += "priority=" + std::to_string(now.priority) + "\n";
  if (now.question != question::none)
    text += "question " + number(uint64_t(now.question)) + "=" + now.question_text + "\n";
  if (now.is_rolling_back)
    text += "rolling back\n";
  // What logs from before there were channels never lead to is left out of their stories.
  if (const auto& x = now.telling; !x.asked.empty() || x.reminders > 0)
    text += dump_of(x);
  for (std::size_t i = 0; i < now.steps.size(); ++i)
    text += dump_of(now.flow.steps[i]) + dump_of(now.steps[i]);
  return text;
}

std::string bytes_of(const std::vector<event>& events) {
  std::string bytes;
  for (const auto& what : events) {
    const auto one = encode(record{"plays@v2", 1, {}, "", "", what, {}, 0});
    bytes += number(one.size()) + ":" + one;
  }
  return bytes;
}

} // namespace skein::tests
