#pragma once

#include "tools/skein/terminal.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// What a full screen shows, as data: made by the views, painted by the terminal's driver, looked
/// at by tests.
namespace skein::console::screen {

/// Text of one style. It holds no control characters.
struct span {
  std::string text;
  style how = style::plain;
  bool reverse = false;
};

using line = std::vector<span>;

struct place {
  std::size_t column, row;
};

struct picture {
  std::vector<line> lines;
  std::optional<place> cursor = {}; ///< shown where somebody types
};

std::size_t width_of(const line&);

std::string plain_text(const line&);

/// What of the line fits, with an ellipsis where it was cut.
line cut(const line&, std::size_t columns);

/// The line cut or filled to just so many columns, as a bar or a chosen row.
line reversed(const line&, std::size_t columns);

/// The text cut or filled with spaces to just so many columns.
std::string column_text(const std::string&, std::size_t columns, bool right = false);

/// A page that was painted for a terminal with colours, as lines.
std::vector<line> lines_of(const std::string& painted);

/// A terminal for which such pages are painted.
terminal page_terminal(std::size_t columns);

/// `████░░░░` of so many columns
std::string bar_text(double share, std::size_t columns);

} // namespace skein::console::screen
