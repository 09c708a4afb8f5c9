#include "tools/skein/console/view.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <fmt/format.h>

// The views in which a row is chosen.

namespace skein::console::screen {

namespace {

struct cell_text {
  std::string text;
  style how = style::plain;
};

struct column {
  std::string name;
  std::size_t width;
  bool right = false;
};

line row_line(const std::vector<column>& columns, const std::vector<cell_text>& cells) {
  line result{{" "}};
  for (std::size_t i = 0; i < columns.size(); ++i)
    result.push_back(
        {column_text(cells[i].text, columns[i].width, columns[i].right) + " ", cells[i].how});
  return result;
}

line names_line(const std::vector<column>& columns) {
  std::vector<cell_text> names;
  for (const auto& x : columns)
    names.push_back({x.name, style::dim});
  return row_line(columns, names);
}

/// The last column takes what the others leave.
void fill_last(std::vector<column>& columns, std::size_t all) {
  std::size_t used = 1;
  for (const auto& x : columns)
    used += x.width + 1;
  columns.back().width += all > used ? all - used : 0;
}

constexpr std::size_t wide_from = 110; ///< from here on there is room for owners

std::vector<column> migration_columns(std::size_t all) {
  std::vector<column> columns{{"MIGRATION", std::clamp<std::size_t>(all * 28 / 100, 14, 44)},
                              {"PHASE", 11},
                              {"STEP", std::clamp<std::size_t>(all * 18 / 100, 8, 26)},
                              {"TRIES", 5, true},
                              {"CHANGED", 9}};
  if (all >= wide_from)
    columns.push_back({"OWNER", 24});
  columns.push_back({"WHY", 6});
  fill_last(columns, all);
  return columns;
}

line migration_row(const model& m, const row& x, const std::vector<column>& columns) {
  const bool is_paused = x.paused && x.phase == "running";
  std::vector<cell_text> cells{
      {x.id, style::bold},
      {is_paused ? "paused" : x.phase, is_paused ? style::busy : style_of(x.phase)},
      {x.step},
      {x.attempts == 0 ? "" : count_text(x.attempts)},
      {age_text(x.changed_at, m.clock), style::dim}};
  if (m.columns >= wide_from)
    cells.push_back({x.owner});
  cells.push_back({x.why});
  return row_line(columns, cells);
}

std::string listed(const model& m) {
  const auto& list = m.list;
  auto text = list.filter.empty() ? std::string{"all migrations"} : "filter: " + list.filter;
  text += fmt::format("  by {} {}", list.order, list.is_descending ? "▼" : "▲");
  if (list.loaded != list.generation)
    return text + "  …";
  const auto count = rows_in(list);
  return text
         + fmt::format("  {} of {}{}", count == 0 ? 0 : list.chosen + 1, count_text(count),
                       list.next.empty() ? "" : "+");
}

/// All of the chosen row's reason that two lines hold, at the body's end: its column is narrow.
void put_reason(std::vector<line>& body, const model& m, const std::string& why) {
  if (body_rows(m) < 8)
    return;
  auto lines = lines_of(wrap(one_line(why), m.columns - 1, " "));
  body.resize(body_rows(m) - 2);
  for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 2); ++i) {
    for (auto& x : lines[i])
      x.how = style::dim;
    body.push_back(lines[i]);
  }
}

} // namespace

std::vector<line> migrations_body(const model& m) {
  const auto columns = migration_columns(m.columns);
  std::vector<line> body{{{" " + one_line(listed(m)), style::plain}}, names_line(columns)};
  const auto count = rows_in(m.list);
  for (auto i = m.list.top; i < std::min(count, m.list.top + table_rows(m)); ++i) {
    auto shown = migration_row(m, row_at(m.list, i), columns);
    body.push_back(i == m.list.chosen ? reversed(shown, m.columns) : shown);
  }
  if (count == 0 && m.list.loaded == m.list.generation)
    body.push_back({{" no migration fits", style::dim}});
  if (count > 0)
    put_reason(body, m, row_at(m.list, m.list.chosen).why);
  return body;
}

std::vector<line> failures_body(const model& m) {
  if (!m.failures.is_object())
    return {{{" looking through what is parked, held or quarantined …", style::dim}}};
  std::vector<column> columns{{"COUNT", 9, true},
                              {"PHASE", 11},
                              {"STEP", std::clamp<std::size_t>(m.columns / 6, 8, 24)},
                              {"CHANGED", 9},
                              {"WHY", 10}};
  fill_last(columns, m.columns);
  const auto all = static_cast<uint64_t>(number_of(m.failures, "migrations"));
  const auto kinds = static_cast<uint64_t>(number_of(m.failures, "groups"));
  const auto& groups = list_of(m.failures, "failures");
  std::vector<line> body{{{fmt::format(" {} of {} that need somebody",
                                       counted(kinds, "kind", "kinds"), count_text(all))}},
                         names_line(columns)};
  const auto room = table_rows(m);
  const auto top = top_failure(m);
  for (auto i = top; i < std::min(groups.size(), top + room); ++i) {
    const auto& x = groups[i];
    const auto phase = text_of(x, "phase");
    auto shown = row_line(columns,
                          {{count_text(static_cast<uint64_t>(number_of(x, "count"))), style::bold},
                           {phase, style_of(phase)},
                           {one_line(text_of(x, "step"))},
                           {age_text(text_of(x, "last"), m.clock), style::dim},
                           {one_line(text_of(x, "reason"))}});
    body.push_back(i == m.chosen_failure ? reversed(shown, m.columns) : shown);
  }
  if (!groups.empty())
    put_reason(body, m, text_of(groups[m.chosen_failure], "reason"));
  return body;
}

} // namespace skein::console::screen
