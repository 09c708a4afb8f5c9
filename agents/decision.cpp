#include "agents/decision.hpp"

#include "agents/letter.hpp"
#include "agents/metadata_client.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace skein::agents {

namespace {

way_on command(const char* what, const notice& about, const char* verb, const char* more = "") {
  return {what, fmt::format("skein {} {}{} --reason \"...\"", verb, about.migration, more)};
}

std::vector<way_on> commands_for(const notice& about) {
  switch (about.kind) {
    case notice_kind::held:
      return {command("To agree", about, "approve"), command("To refuse", about, "reject")};
    case notice_kind::parked:
    case notice_kind::quarantined:
      return {command("To try it again", about, "retry"),
              command("To give it up", about, "cancel")};
    case notice_kind::rolled_back:
      return {command("To do it again", about, "retry", " --from STEP")};
    case notice_kind::completed:
    case notice_kind::test: break;
  }
  return {};
}

/// The answer that a hold asks for, without the console.
way_on call_for(const notice& about, const std::string& http_url) {
  return {"Over HTTP",
          fmt::format("curl -X POST -H \"Authorization: Bearer $SKEIN_TOKEN\" -H "
                      "'Content-Type: application/json' -d '{{\"actor\": \"YOU\", \"reason\": "
                      "\"...\"}}' {}/v1/migrations/{}/approve",
                      http_url, percent_encoded(about.migration))};
}

/// Those that are not ready for it come first.
std::vector<std::string> consumer_lines(std::vector<told_consumer> consumers) {
  std::stable_partition(consumers.begin(), consumers.end(),
                        [](const told_consumer& x) { return x.verdict != "compatible"; });
  std::vector<std::string> lines;
  for (const auto& x : consumers)
    lines.push_back(line_of(x));
  return lines;
}

std::vector<evidence> facts_of(const notice& about) {
  std::vector<evidence> facts;
  const auto add = [&](const char* title, std::vector<std::string> lines) {
    if (!lines.empty())
      facts.push_back({title, std::move(lines)});
  };
  std::vector<std::string> changes;
  for (const auto& x : about.changes)
    changes.push_back(line_of(x));
  add("What would change", std::move(changes));
  add("Consumers, and what it means for them", consumer_lines(about.consumers));
  add("What the steps said", about.findings);
  return facts;
}

std::string waited_of(const notice& about) {
  if (about.reminder == 0)
    return {};
  const auto since = about.since.empty() ? "" : fmt::format(", waiting since {}", about.since);
  return fmt::format("Reminder {}{}.{}", about.reminder, since,
                     about.is_escalated ? " It was escalated, since nobody has answered." : "");
}

} // namespace

decision decision_on(const notice& about, const std::string& http_url) {
  decision it;
  it.waited = waited_of(about);
  it.question = about.reason.empty() ? "no reason was given" : about.reason;
  if (about.kind == notice_kind::held || about.kind == notice_kind::parked)
    it.facts = facts_of(about);
  it.ways = commands_for(about);
  if (http_url.empty() || about.kind == notice_kind::test)
    return it;
  if (about.kind == notice_kind::held)
    it.ways.push_back(call_for(about, http_url));
  it.link = fmt::format("{}/v1/migrations/{}", http_url, percent_encoded(about.migration));
  return it;
}

} // namespace skein::agents
