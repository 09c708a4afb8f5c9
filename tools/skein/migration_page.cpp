#include "tools/skein/migration_page.hpp"

#include "actors/api/point_in_time.hpp"
#include "tools/skein/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr auto indent = "  ";

std::string versions_of(const json& migration) {
  return text_of(migration, "current_version") + " -> " + text_of(migration, "target_version");
}

std::string labels_of(const json& migration) {
  const auto labels = migration.value("labels", json::object());
  std::string line;
  for (const auto& [name, value] : labels.items())
    line += (line.empty() ? "" : ", ") + name + " " + text_of(labels, name.c_str());
  return line;
}

/// In seconds for programs, and only once it is known for good.
cell took_cell(const json& step, migration::timestamp now) {
  return {step_time(step, now), style::plain,
          step.contains("seconds") ? fmt::format("{:.15g}", number_of(step, "seconds")) : ""};
}

} // namespace

table steps_table(const json& migration, migration::timestamp now) {
  constexpr auto left = table::align::left, right = table::align::right;
  constexpr auto wide = table::shown::wide;
  table lines{{{"STEP"},
               {"AGENT", left, wide},
               {"DEPENDS ON", left, wide},
               {"STATUS"},
               {"TRIES", right},
               {"STARTED", left, wide},
               {"TIME", right},
               {"DUE", left, wide},
               {"WORKER"},
               {"LAST FAILURE", left, wide},
               {"NOTE"}}};
  for (const auto& step : list_of(migration, "steps")) {
    const auto status = text_of(step, "status");
    const auto tries = static_cast<uint64_t>(number_of(step, "attempts"));
    lines.add({{text_of(step, "name")},
               {text_of(step, "agent")},
               {joined(list_of(step, "depends_on"), ", ")},
               {status, style_of(status)},
               {tries == 0 ? "" : count_text(tries), style::plain, std::to_string(tries)},
               {text_of(step, "started")},
               took_cell(step, now),
               {text_of(step, "due")},
               {text_of(step, "worker"), style::dim},
               {text_of(step, "last_failure")},
               {step_note(step)}});
  }
  return lines;
}

std::string part_title(const terminal& to, const std::string& title) {
  return "\n" + paint(to, style::bold, title) + "\n";
}

std::string migration_heading(const terminal& to, const json& migration, migration::timestamp now) {
  const auto phase = text_of(migration, "phase");
  auto page = paint(to, style::bold, one_line(text_of(migration, "id"))) + "  "
              + paint(to, style_of(phase), phase_text(migration)) + "  "
              + paint(to, style::dim, age_text(text_of(migration, "changed_at"), now)) + "\n";
  if (const auto why = text_of(migration, "why"); !why.empty())
    page += wrap(why, to.width, indent);
  page
      += wrap(text_of(migration, "dataset") + " " + versions_of(migration) + " by workflow "
                  + text_of(migration, "workflow") + ", requested "
                  + text_of(migration, "requested_at").substr(0, 19)
                  + (text_of(migration, "scan").empty() ? "" : " by " + text_of(migration, "scan")),
              to.width, indent);
  if (const auto labels = labels_of(migration); !labels.empty())
    page += wrap(labels, to.width, indent);
  return page;
}

std::string step_time(const json& step, migration::timestamp now) {
  if (step.contains("seconds"))
    return duration_text(number_of(step, "seconds"));
  const auto started = actors::parse_rfc3339(text_of(step, "started"));
  if (!started)
    return {};
  return duration_text(std::chrono::duration<double>(now - *started).count());
}

std::string step_note(const json& step) {
  const auto status = text_of(step, "status");
  if (status == "retrying")
    return "again at " + clock_text(text_of(step, "due"))
           + " after: " + text_of(step, "last_failure");
  if (status == "running" || status == "parked")
    return text_of(step, "last_failure");
  if (status != "waiting")
    return {};
  return "for " + joined(list_of(step, "depends_on"), ", ");
}

std::string migration_page(const terminal& to, const json& migration, migration::timestamp now) {
  const auto steps = steps_table(migration, now);
  return migration_heading(to, migration, now) + (steps.empty() ? "" : "\n" + steps.str(to))
         + outputs_page(to, list_of(migration, "steps"));
}

} // namespace skein::console
