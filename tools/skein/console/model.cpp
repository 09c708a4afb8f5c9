#include "tools/skein/console/model.hpp"

#include "tools/skein/terminal.hpp"
#include "tools/skein/words.hpp"

#include <nlohmann/json.hpp>

namespace skein::console::screen {

namespace {

constexpr std::size_t around_body = 3;  ///< the bar, the message, the keys
constexpr std::size_t around_table = 4; ///< what is listed, the columns' names, why at its end
constexpr std::size_t above_rows = 3;   ///< the bar, what is listed, the columns' names

} // namespace

row row_of(const nlohmann::json& summary) {
  const auto text = [&](const char* member) { return one_line(text_of(summary, member)); };
  return {text("id"),
          text("phase"),
          text("step"),
          text("step_status"),
          text("owner"),
          text("changed_at"),
          text("why"),
          flag_of(summary, "paused", false),
          static_cast<uint64_t>(number_of(summary, "attempts"))};
}

std::size_t rows_in(const listing& list) {
  return list.pages.empty() ? 0
                            : (list.pages.size() - 1) * page_rows + list.pages.back().rows.size();
}

const row& row_at(const listing& list, std::size_t index) {
  return list.pages.at(index / page_rows).rows.at(index % page_rows);
}

std::size_t body_rows(const model& of) {
  return of.rows > around_body + 1 ? of.rows - around_body : 1;
}

std::size_t table_rows(const model& of) {
  const auto rows = body_rows(of);
  return rows > around_table ? rows - around_table : 1;
}

std::size_t top_failure(const model& of) {
  const auto room = table_rows(of);
  return of.chosen_failure >= room ? of.chosen_failure - room + 1 : 0;
}

std::optional<std::size_t> listed_at(const model& of, std::size_t screen_row) {
  const bool is_list = of.at == view::migrations;
  if ((!is_list && of.at != view::failures) || screen_row < above_rows
      || screen_row >= above_rows + table_rows(of))
    return std::nullopt;
  const auto row = (is_list ? of.list.top : top_failure(of)) + screen_row - above_rows;
  const auto count = is_list ? rows_in(of.list) : list_of(of.failures, "failures").size();
  return row < count ? std::optional{row} : std::nullopt;
}

std::string chosen_migration(const model& of) {
  if (of.at == view::migration)
    return of.opened;
  if (of.at == view::migrations && of.list.chosen < rows_in(of.list))
    return row_at(of.list, of.list.chosen).id;
  return {};
}

} // namespace skein::console::screen
