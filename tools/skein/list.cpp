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

void print_rows(const terminal& out, const json& rows) {
  table lines{{{"MIGRATION"},
               {"PHASE"},
               {"STEP"},
               {"TRIES", table::align::right},
               {"OWNER"},
               {"CHANGED"},
               {"WHY"}}};
  for (const auto& row : rows) {
    const auto phase = text_of(row, "phase");
    lines.add({{text_of(row, "id"), style::bold},
               {phase_text(row), style_of(phase)},
               {text_of(row, "step")},
               {count_text(static_cast<uint64_t>(number_of(row, "attempts")))},
               {text_of(row, "owner")},
               {age_text(text_of(row, "changed_at"), now()), style::dim},
               {text_of(row, "why")}});
  }
  print(lines.str(out));
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
  const auto& rows = (*got)["migrations"];
  if (rows.empty())
    print_line("no migration fits");
  else
    print_rows(with.out, rows);
  if (const auto next = text_of(*got, "next"); !next.empty())
    print_line("There are more: --after " + shell_word(next) + " goes on, --limit shows more.");
  return {};
}

} // namespace

action add_list(CLI::App& to) {
  auto want = std::make_shared<list_options>();
  to.add_option("--phase", want->phase,
                "running, completed, held, parked, quarantined, cancelled, rolled_back "
                "or unreadable");
  to.add_option("--owner", want->owner, "Such as group:default/film");
  to.add_option("--dataset", want->dataset, "Pattern with * and ?");
  to.add_option("--scan", want->scan, "The scan that asked for it");
  to.add_option("--failure", want->failure, "Failed the same way: an id of skein failures --json");
  to.add_option("--after", want->after, "Only ids after this one");
  to.add_option("--limit", want->limit, "At most so many")->capture_default_str();
  return [want](const session& with) { return list(with, *want); };
}

} // namespace skein::console
