#include "tools/skein/table.hpp"

#include "tools/skein/print.hpp"
#include "tools/skein/words.hpp"

#include <algorithm>
#include <numeric>

namespace skein::console {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 6;

/// RFC 4180, section 2: in quotes where it has to be, with quotes doubled.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == text.npos)
    return text;
  std::string result = "\"";
  for (const char x : text)
    result += x == '"' ? std::string{"\"\""} : std::string{x};
  return result + "\"";
}

std::string csv_name(std::string title) {
  for (auto& x : title)
    x = x == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(x)));
  return title;
}

} // namespace

cell age_cell(const std::string& rfc3339) {
  return {age_text(rfc3339, now()), style::dim, rfc3339};
}

cell count_cell(uint64_t count) { return {count_text(count), style::plain, std::to_string(count)}; }

void table::add(std::vector<cell> row) {
  row.resize(std::min(row.size(), columns_.size()));
  for (auto& x : row)
    x.text = one_line(x.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> table::widths(std::size_t room, bool all) const {
  std::vector<std::size_t> result;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    result.push_back(has(i, all) ? display_width(columns_[i].title) : 0);
    columns += has(i, all);
  }
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      if (has(i, all))
        result[i] = std::max(result[i], display_width(row[i].text));
  const auto gaps = gap * (columns - 1);
  while (room > 0 && std::accumulate(result.begin(), result.end(), gaps) > room) {
    auto widest = std::max_element(result.begin(), result.end());
    if (*widest <= narrowest)
      break;
    --*widest;
  }
  return result;
}

std::string table::line(const terminal& to, const std::vector<cell>& row,
                        const std::vector<std::size_t>& widths) const {
  std::string result;
  std::size_t owed = 0; // spaces are written only before something: no line ends with them
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (widths[i] == 0) // not shown
      continue;
    const auto text = shorten(row[i].text, widths[i]);
    const auto spare = widths[i] - display_width(text);
    const bool right = columns_[i].align == align::right;
    if (!text.empty()) {
      result += std::string(owed + (right ? spare : 0), ' ') + paint(to, row[i].style, text);
      owed = right ? 0 : spare;
    } else
      owed += widths[i];
    owed += gap;
  }
  return result + "\n";
}

std::string table::lines(const terminal& to, std::size_t indent, bool all) const {
  const std::string before(indent, ' ');
  const auto fitted = widths(to.width > indent ? to.width - indent : to.width, all);
  std::vector<cell> titles;
  for (const auto& x : columns_)
    titles.push_back({x.title, style::dim});
  auto result = before + line(to, titles, fitted);
  for (const auto& row : rows_)
    result += before + line(to, row, fitted);
  return result;
}

std::string table::str(const terminal& to, std::size_t indent) const {
  return lines(to, indent, false);
}

std::string table::wide(const terminal& to) const { return lines({0, to.colors}, 0, true); }

std::string table::csv(bool with_header) const {
  std::string result;
  if (with_header) {
    for (const auto& x : columns_)
      result += (result.empty() ? "" : ",") + csv_field(csv_name(x.title));
    result += "\r\n";
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < columns_.size(); ++i)
      result += (i == 0 ? "" : ",")
                + (i < row.size() ? csv_field(row[i].exact.value_or(row[i].text)) : "");
    result += "\r\n";
  }
  return result;
}

void print_table(const session& with, const table& rows, const std::string& if_empty) {
  if (with.format == output_format::csv)
    print(rows.csv());
  else if (rows.empty())
    print_line(if_empty);
  else
    print(with.format == output_format::wide ? rows.wide(with.out) : rows.str(with.out));
}

void print_below(const session& with, const table& rows) {
  if (rows.empty() || with.format == output_format::csv)
    return;
  print("\n" + (with.format == output_format::wide ? rows.wide(with.out) : rows.str(with.out)));
}

} // namespace skein::console
