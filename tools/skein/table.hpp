#pragma once

#include "tools/skein/terminal.hpp"

#include <string>
#include <vector>

namespace skein::console {

struct cell {
  std::string text; ///< shown on one line, and made safe for a terminal
  console::style style = console::style::plain;
};

/// Rows under titles, in columns as wide as they need to be. Where the terminal is too narrow, the
/// widest columns are shortened.
class table {
public:
  enum class align { left, right };

  struct column {
    std::string title;
    table::align align = table::align::left;
  };

  explicit table(std::vector<column> columns) : columns_{std::move(columns)} {}

  /// A row with fewer cells than columns ends early.
  void add(std::vector<cell> row);

  bool empty() const { return rows_.empty(); }

  /// Each line behind so many spaces; each ends with a line break.
  std::string str(const terminal& to, std::size_t indent = 0) const;

private:
  std::vector<std::size_t> widths(std::size_t room) const;
  std::string line(const terminal& to, const std::vector<cell>& row,
                   const std::vector<std::size_t>& widths) const;

  std::vector<column> columns_;
  std::vector<std::vector<cell>> rows_;
};

} // namespace skein::console
