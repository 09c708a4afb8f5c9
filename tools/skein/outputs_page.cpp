#include "tools/skein/migration_page.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <set>

namespace skein::console {

namespace {

using nlohmann::json;

constexpr std::size_t inset = 2;
const auto indent = std::string(inset, ' ');

/// `3 compatible, 1 breaks`
std::string summary_line(const json& summary) {
  std::string line;
  for (const auto* verdict : {"breaks", "unknown", "compatible"})
    if (const auto count = number_of(summary, verdict); count > 0)
      line += fmt::format("{}{:.0f} {}", line.empty() ? "" : ", ", count, verdict);
  return line;
}

std::string consumers_part(const terminal& to, const json& output) {
  table lines{{{"CONSUMER"}, {"VERDICT"}, {"OWNER"}, {"WHY"}}};
  for (const auto& consumer : list_of(output, "consumers")) {
    const auto verdict = text_of(consumer, "verdict");
    auto name = text_of(consumer, "name");
    if (number_of(consumer, "depth") > 1)
      name += " (via " + text_of(consumer, "via") + ")";
    lines.add({{name.empty() ? text_of(consumer, "ref") : name},
               {verdict, style_of(verdict)},
               {text_of(consumer, "owner")},
               {joined(list_of(consumer, "reasons"), "; ")}});
  }
  if (lines.empty())
    return {};
  return part_title(to, "Consumers: " + summary_line(output.value("summary", json::object())))
         + lines.str(to, inset);
}

std::string changes_part(const terminal& to, const json& output) {
  table lines{{{"COLUMN"}, {"CHANGE"}, {"BECOMES"}, {"DETAIL"}}};
  for (const auto& change : list_of(output, "changes"))
    lines.add({{text_of(change, "column")},
               {text_of(change, "change")},
               {text_of(change, "to")},
               {text_of(change, "detail"), style::dim}});
  return lines.empty() ? "" : part_title(to, "What changes") + lines.str(to, inset);
}

/// `34 rows, 1.2 KiB in 0.4 s`
std::string figures(const json& of) {
  std::string line;
  if (of.contains("rows"))
    line += counted(static_cast<uint64_t>(number_of(of, "rows")), "row", "rows");
  if (of.contains("bytes"))
    line += (line.empty() ? "" : ", ") + bytes_text(number_of(of, "bytes"));
  if (of.contains("seconds"))
    line += (line.empty() ? "" : " in ") + duration_text(number_of(of, "seconds"));
  return line;
}

std::string data_part(const terminal& to, const json& output) {
  if (!output.contains("rows"))
    return {};
  auto page = part_title(to, "Data: " + figures(output));
  if (const auto where = text_of(output, "location"); !where.empty())
    page += wrap(where, 0, indent);
  table lines{{{"PHASE"},
               {"ROWS", table::align::right},
               {"SIZE", table::align::right},
               {"TIME", table::align::right}}};
  for (const auto& phase : list_of(output, "phases"))
    lines.add({{text_of(phase, "phase")},
               {phase.contains("rows") ? count_text(static_cast<uint64_t>(number_of(phase, "rows")))
                                       : ""},
               {phase.contains("bytes") ? bytes_text(number_of(phase, "bytes")) : ""},
               {duration_text(number_of(phase, "seconds"))}});
  return lines.empty() ? page : page + lines.str(to, inset);
}

std::string quality_part(const terminal& to, const json& output) {
  table lines{{{"RULE"}, {"RESULT"}, {"MEASURED", table::align::right}, {"MUST BE"}}};
  std::size_t failed = 0;
  for (const auto& check : list_of(output, "quality")) {
    const bool ok = flag_of(check, "ok", false);
    const bool blocking = flag_of(check, "blocking", true);
    failed += ok ? 0 : 1;
    lines.add({{text_of(check, "rule")},
               {ok         ? "ok"
                : blocking ? "failed"
                           : "warning",
                ok         ? style::good
                : blocking ? style::bad
                           : style::busy},
               {fmt::format("{:.15g}", number_of(check, "measured"))},
               {text_of(check, "expected"), style::dim}});
  }
  if (lines.empty())
    return {};
  return part_title(to, failed == 0 ? "Quality: all rules hold"
                                    : "Quality: " + counted(failed, "rule fails", "rules fail"))
         + lines.str(to, inset);
}

std::string told_part(const terminal& to, const json& output) {
  const auto told = joined(list_of(output, "told"), ", ");
  return told.empty() ? "" : part_title(to, "Told") + wrap(told, to.width, indent);
}

} // namespace

std::string outputs_page(const terminal& to, const json& steps) {
  std::string page;
  bool changes_shown = false; // the checker and the agent that migrates both say them
  for (const auto& step : steps) {
    const auto found = step.find("output");
    if (found == step.end() || !found->is_object())
      continue;
    const auto& output = *found;
    page += consumers_part(to, output);
    if (auto changes = changes_part(to, output); !changes.empty() && !changes_shown) {
      page += changes;
      changes_shown = true;
    }
    page += data_part(to, output) + quality_part(to, output) + told_part(to, output);
  }
  return page;
}

} // namespace skein::console
