#include "tools/skein/command.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/source.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct list_options {
  std::string phase, owner, dataset, scan, failure, after;
  uint64_t limit = 100;
};

parameters parameters_of(const list_options& want) {
  parameters query;
  const auto set = [&](const char* name, const std::string& value) {
    if (!value.empty())
      query[name] = value;
  };
  set("phase", want.phase);
  set("owner", want.owner);
  set("dataset", want.dataset);
  set("scan", want.scan);
  set("failure", want.failure);
  set("after", want.after);
  return query;
}

table table_of(const json& rows) {
  constexpr auto left = table::align::left, right = table::align::right;
  constexpr auto wide = table::shown::wide;
  table lines{{{"MIGRATION"},
               {"DATASET", left, wide},
               {"FROM", left, wide},
               {"TO", left, wide},
               {"PHASE"},
               {"STEP"},
               {"STEP STATUS", left, wide},
               {"TRIES", right},
               {"PRIORITY", right, wide},
               {"OWNER"},
               {"SCAN", left, wide},
               {"REQUESTED", left, wide},
               {"CHANGED"},
               {"WHY"}}};
  for (const auto& row : rows) {
    const auto phase = text_of(row, "phase");
    lines.add({{text_of(row, "id"), style::bold},
               {text_of(row, "dataset")},
               {text_of(row, "current_version")},
               {text_of(row, "target_version")},
               {phase_text(row), style_of(phase)},
               {text_of(row, "step")},
               {text_of(row, "step_status")},
               count_cell(static_cast<uint64_t>(number_of(row, "attempts"))),
               {std::to_string(static_cast<int>(number_of(row, "priority")))},
               {text_of(row, "owner")},
               {text_of(row, "scan")},
               age_cell(text_of(row, "requested_at")),
               age_cell(text_of(row, "changed_at")),
               {text_of(row, "why")}});
  }
  return lines;
}

outcome<void> list(const session& with, const list_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  auto got = fetch_migrations(**from, parameters_of(want), want.limit);
  if (!got)
    return tl::unexpected{got.error()};
  if (with.json) {
    print_line(got->dump());
    return {};
  }
  print_table(with, table_of(list_of(*got, "migrations")), "no migration fits");
  if (const auto next = text_of(*got, "next"); !next.empty()) {
    const auto more
        = "There are more: --after " + shell_word(next) + " goes on, --limit shows more.";
    if (with.format == output_format::csv)
      remark(more);
    else
      print_line(more);
  }
  return {};
}

} // namespace

action add_list(CLI::App& to) {
  auto want = std::make_shared<list_options>();
  to.add_option("--phase,--state", want->phase,
                "running, completed, held, parked, quarantined, cancelled, rolled_back "
                "or unreadable")
      ->type_name("PHASE");
  to.add_option("--owner", want->owner, "Such as group:default/film")->type_name("OWNER");
  to.add_option("--dataset", want->dataset, "Pattern with * and ?");
  to.add_option("--scan", want->scan, "The scan that asked for it");
  to.add_option("--failure", want->failure, "Failed the same way: an id of skein failures --json");
  to.add_option("--after", want->after, "Only ids after this one");
  to.add_option("--limit", want->limit, "At most so many")->capture_default_str();
  return [want](const session& with) { return list(with, *want); };
}

} // namespace skein::console
