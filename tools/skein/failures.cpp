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

struct failures_options {
  parameters query;
  uint64_t limit = 10;
};

uint64_t count_of(const json& object, const char* member) {
  return static_cast<uint64_t>(number_of(object, member));
}

std::string owners_text(const json& group) {
  std::string text;
  for (const auto& each : list_of(group, "owners")) {
    const auto owner = text_of(each, "owner");
    text += (text.empty() ? "" : ", ") + (owner.empty() ? "nobody" : owner) + " "
            + count_text(count_of(each, "count"));
  }
  return text;
}

std::string heading(const json& group) {
  const auto count = count_of(group, "count");
  const auto step = text_of(group, "step");
  return counted(count, "migration", "migrations")
         + (count == 1                          ? ""
            : text_of(group, "phase") == "held" ? " for one reason"
                                                : " the same way")
         + (step.empty() ? "" : " at " + step);
}

/// What to type. One first: whether the cause is gone shows with it.
std::string advice_on(const json& group, const std::string& program) {
  const auto example = shell_word(one_line(text_of(group, "example")));
  auto text = "    " + program + " show " + example + "\n    " + program + " retry " + example
              + " --reason '...'\n";
  const auto id = one_line(text_of(group, "id"));
  if (count_of(group, "count") > 1)
    text += "    " + program + " list --failure " + id + "\n    " + program
            + " bulk start retry --failure " + id + " --reason '...'\n";
  return text;
}

void print_group(const session& with, const json& group) {
  const auto phase = text_of(group, "phase");
  print_line(paint(with.out, style_of(phase), phase) + "  "
             + paint(with.out, style::bold, one_line(heading(group))));
  print(wrap(one_line(text_of(group, "reason")), with.out.width, "    ") + "\n");
  print_line("    " + one_line("owners: " + owners_text(group)));
  const auto first = age_text(text_of(group, "first"), now());
  const auto last = age_text(text_of(group, "last"), now());
  print_line("    " + (first == last ? last : "first " + first + ", last " + last));
  print_line(advice_on(group, program_words(with)));
}

table table_of(const json& groups) {
  table rows{{{"ID"},
              {"PHASE"},
              {"STEP"},
              {"COUNT", table::align::right},
              {"OWNERS"},
              {"FIRST"},
              {"LAST"},
              {"EXAMPLE"},
              {"REASON"}}};
  for (const auto& group : groups) {
    const auto phase = text_of(group, "phase");
    rows.add({{text_of(group, "id")},
              {phase, style_of(phase)},
              {text_of(group, "step")},
              count_cell(count_of(group, "count")),
              {owners_text(group)},
              age_cell(text_of(group, "first")),
              age_cell(text_of(group, "last")),
              {text_of(group, "example"), style::bold},
              {text_of(group, "reason")}});
  }
  return rows;
}

outcome<void> failures(const session& with, const failures_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  auto query = want.query;
  std::erase_if(query, [](const auto& each) { return each.second.empty(); });
  query["limit"] = std::to_string(want.limit);
  auto got = get_json(**from, "/v1/failures", query);
  if (!got)
    return tl::unexpected{got.error()};
  if (with.json) {
    print_line(got->dump());
    return {};
  }
  const auto& groups = list_of(*got, "failures");
  if (with.format != output_format::table) {
    print_table(with, table_of(groups), "nothing that fits rests unfinished");
    return {};
  }
  if (groups.empty())
    print_line("nothing that fits rests unfinished");
  for (const auto& group : groups)
    print_group(with, group);
  if (const auto all = count_of(*got, "groups"); all > groups.size())
    print_line("There are " + count_text(all - groups.size()) + " more: --limit shows them.");
  return {};
}

} // namespace

action add_failures(CLI::App& to) {
  auto want = std::make_shared<failures_options>();
  auto& query = want->query;
  to.add_option("--phase,--state", query["phase"], "held, parked, quarantined or unreadable");
  to.add_option("--owner", query["owner"], "Such as group:default/film")->type_name("OWNER");
  to.add_option("--dataset", query["dataset"], "Pattern with * and ?");
  to.add_option("--scan", query["scan"], "The scan that asked for it");
  to.add_option("--text", query["text"], "Part of the reason");
  to.add_option("--limit", want->limit, "At most so many groups")->capture_default_str();
  return [want](const session& with) { return failures(with, *want); };
}

} // namespace skein::console
