#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace skein::console {

/// Where the program writes to.
struct terminal {
  std::size_t width = 0; ///< columns; 0: unbounded, as into a file or a pipe
  bool colors = false;
};

/// What standard output is. Colours need a terminal, and neither NO_COLOR (https://no-color.org)
/// nor TERM=dumb.
terminal standard_output();

enum class style { plain, bold, dim, good, busy, bad };

/// The text in a style, if the terminal has colours.
std::string paint(const terminal&, style, const std::string& text);

/// How many columns UTF-8 text takes on a terminal.
std::size_t display_width(std::string_view text);

/// The text, or what of it and an ellipsis fits into so many columns.
std::string shorten(const std::string& text, std::size_t columns);

/// One line, safe for a terminal: agents and datasets must not be able to send it escape
/// sequences. Line breaks become spaces.
std::string one_line(std::string_view text);

/// Text broken at spaces to fit into so many columns (0: not broken), each line behind `indent`.
/// What was several lines stays so.
std::string wrap(std::string_view text, std::size_t columns, const std::string& indent);

} // namespace skein::console
