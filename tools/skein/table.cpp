#include "tools/skein/table.hpp"

#include <algorithm>
#include <numeric>

namespace skein::console {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 6;

} // namespace

void table::add(std::vector<cell> row) {
  row.resize(std::min(row.size(), columns_.size()));
  for (auto& x : row)
    x.text = one_line(x.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> table::widths(std::size_t room) const {
  std::vector<std::size_t> result;
  for (const auto& x : columns_)
    result.push_back(display_width(x.title));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i)
      result[i] = std::max(result[i], display_width(row[i].text));
  const auto gaps = gap * (result.size() - 1);
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

std::string table::str(const terminal& to, std::size_t indent) const {
  const std::string before(indent, ' ');
  const auto fitted = widths(to.width > indent ? to.width - indent : to.width);
  std::vector<cell> titles;
  for (const auto& x : columns_)
    titles.push_back({x.title, style::dim});
  auto result = before + line(to, titles, fitted);
  for (const auto& row : rows_)
    result += before + line(to, row, fitted);
  return result;
}

} // namespace skein::console
