#pragma once

#include "tools/skein/session.hpp"
#include "tools/skein/terminal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace skein::console {

struct cell {
  std::string text; ///< shown on one line, and made safe for a terminal
  console::style style = console::style::plain;
  /// For programs, where it is something else than the text: a time, a number without commas.
  std::optional<std::string> exact = {};
};

/// A time as people read it (`5 m ago`), and as it is for programs.
cell age_cell(const std::string& rfc3339);

/// A count with commas, and without.
cell count_cell(uint64_t count);

/// Rows under titles, in columns as wide as they need to be. Where the terminal is too narrow, the
/// widest columns are shortened.
class table {
public:
  enum class align { left, right };
  enum class shown { always, wide }; ///< only in wide tables and for programs

  struct column {
    std::string title;
    table::align align = table::align::left;
    table::shown shown = table::shown::always;
  };

  explicit table(std::vector<column> columns) : columns_{std::move(columns)} {}

  /// A row with fewer cells than columns ends early.
  void add(std::vector<cell> row);

  bool empty() const { return rows_.empty(); }

  /// Each line behind so many spaces; each ends with a line break.
  std::string str(const terminal& to, std::size_t indent = 0) const;

  /// Every column, and nothing shortened.
  std::string wide(const terminal& to) const;

  /// RFC 4180: a header line of the titles in small letters, then a line for each row. Without the
  /// header it goes on with rows of the same table.
  std::string csv(bool with_header = true) const;

private:
  std::string lines(const terminal& to, std::size_t indent, bool all) const;
  std::vector<std::size_t> widths(std::size_t room, bool all) const;
  std::string line(const terminal& to, const std::vector<cell>& row,
                   const std::vector<std::size_t>& widths) const;
  bool has(std::size_t column, bool all) const {
    return all || columns_[column].shown == shown::always;
  }

  std::vector<column> columns_;
  std::vector<std::vector<cell>> rows_;
};

/// The rows as the person asked for them (not JSON: that is the API's). Without rows a person is
/// told so in words; a program still gets the header.
void print_table(const session&, const table&, const std::string& if_empty);

/// A further table behind a blank line, for people only; nothing if it is empty.
void print_below(const session&, const table&);

} // namespace skein::console
