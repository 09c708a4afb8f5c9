#include "tools/skein/command.hpp"
#include "tools/skein/fleet_pages.hpp"
#include "tools/skein/print.hpp"
#include "tools/skein/table.hpp"
#include "tools/skein/words.hpp"

#include <CLI/App.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

namespace skein::console {

namespace {

using nlohmann::json;

struct diff_options {
  std::string from, to;
  fleet_options fleet;
};

std::string phase_of(const json& row, const char* side) {
  const auto found = row.find(side);
  return found != row.end() && found->is_object() ? text_of(*found, "phase") : "-";
}

/// `discover ready -> succeeded`
std::string step_change(const json& step) {
  const auto side = [&](const char* name) {
    const auto found = step.find(name);
    return found != step.end() && found->is_object() ? text_of(*found, "status") : "-";
  };
  const auto was = side("from"), is = side("to");
  if (was == "-")
    return text_of(step, "step") + " " + is;
  return text_of(step, "step") + " " + (was == is ? was + " again" : was + " -> " + is);
}

std::string steps_text(const json& row) {
  std::string text;
  for (const auto& step : list_of(row, "steps"))
    text += (text.empty() ? "" : ", ") + step_change(step);
  return text;
}

/// How many migrations went from which phase to which.
class change_counts {
public:
  void add(const json& row) {
    ++migrations_;
    ++changes_[text_of(row, "change")];
    ++moves_[{phase_of(row, "from"), phase_of(row, "to")}];
  }

  json as_json(const json& page) const {
    json moves = json::array();
    for (const auto& [move, count] : moves_)
      moves.push_back({{"from", move.first}, {"to", move.second}, {"count", count}});
    return {{"from", page.value("from", json{})},
            {"to", page.value("to", json{})},
            {"until", page.value("until", json{})},
            {"migrations", migrations_},
            {"changes", changes_},
            {"phases", std::move(moves)}};
  }

  std::string as_text() const {
    if (migrations_ == 0)
      return "Nothing changed";
    auto text = counted(migrations_, "migration", "migrations") + " changed";
    for (const auto& [move, count] : moves_)
      text += "\n  " + count_text(count) + " "
              + (move.first == move.second ? "still " + move.second
                 : move.first == "-"       ? "new, now " + move.second
                                           : move.first + " -> " + move.second);
    return text;
  }

private:
  uint64_t migrations_ = 0;
  std::map<std::string, uint64_t> changes_;
  std::map<std::pair<std::string, std::string>, uint64_t> moves_;
};

void add_line(table& to, const json& row) {
  const auto is = phase_of(row, "to");
  to.add({{text_of(row, "id"), style::bold},
          {phase_of(row, "from"), style_of(phase_of(row, "from"))},
          {is, style_of(is)},
          {std::to_string(static_cast<int64_t>(number_of(row, "events")))},
          {steps_text(row)}});
}

outcome<void> diff(const session& with, const diff_options& want) {
  auto from = open_source(with);
  if (!from)
    return tl::unexpected{from.error()};
  parameters query{{"from", want.from}};
  if (!want.to.empty())
    query["to"] = want.to;
  change_counts counts;
  table lines{{{"MIGRATION"}, {"WAS"}, {"IS"}, {"EVENTS", table::align::right}, {"STEPS"}}};
  uint64_t shown = 0;
  const auto page = for_each_row(**from, "/v1/diff", query, want.fleet, [&](const json& row) {
    counts.add(row);
    if (with.json)
      print_line(row.dump());
    else if (++shown <= want.fleet.shown || with.format == output_format::csv)
      add_line(lines, row);
  });
  if (!page)
    return tl::unexpected{page.error()};
  if (with.json) {
    print_line(counts.as_json(*page).dump());
    return {};
  }
  if (with.format == output_format::csv) {
    print_table(with, lines, "");
    return {};
  }
  if (!lines.empty())
    print((with.format == output_format::wide ? lines.wide(with.out) : lines.str(with.out)) + "\n");
  if (shown > want.fleet.shown)
    print_line("Shown are the first " + count_text(want.fleet.shown) + "; --limit shows more.");
  print_line(counts.as_text());
  return {};
}

} // namespace

action add_diff(CLI::App& to) {
  auto want = std::make_shared<diff_options>();
  to.add_option("from", want->from, "Sequence number, RFC 3339 time, or how long ago, such as -2h")
      ->required();
  to.add_option("to", want->to, "The same (the default: now)");
  add_fleet_options(to, want->fleet);
  return [want](const session& with) { return diff(with, *want); };
}

} // namespace skein::console
