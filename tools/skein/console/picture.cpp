#include "tools/skein/console/picture.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace skein::console::screen {

namespace {

/// The style that a sequence of paint() begins; plain for the one that ends it.
style style_begun(std::string_view sequence) {
  for (const auto how : {style::bold, style::dim, style::good, style::busy, style::bad})
    if (paint({0, true}, how, "x").starts_with(std::string{sequence} + "x"))
      return how;
  return style::plain;
}

void add(line& to, style how, std::string_view text) {
  if (!text.empty())
    to.push_back({std::string{text}, how});
}

line line_of(std::string_view painted, style& how) {
  line result;
  while (!painted.empty()) {
    const auto escape = std::min(painted.find('\x1b'), painted.size());
    add(result, how, painted.substr(0, escape));
    painted.remove_prefix(escape);
    if (painted.empty())
      break;
    const auto end = std::min(painted.find('m'), painted.size() - 1);
    how = style_begun(painted.substr(0, end + 1));
    painted.remove_prefix(end + 1);
  }
  return result;
}

} // namespace

std::size_t width_of(const line& of) {
  std::size_t sum = 0;
  for (const auto& x : of)
    sum += display_width(x.text);
  return sum;
}

std::string plain_text(const line& of) {
  std::string text;
  for (const auto& x : of)
    text += x.text;
  return text;
}

line cut(const line& from, std::size_t columns) {
  line result;
  std::size_t left = columns;
  for (const auto& x : from) {
    const auto width = display_width(x.text);
    if (width > left) {
      if (left > 0)
        result.push_back({shorten(x.text, left), x.how, x.reverse});
      break;
    }
    result.push_back(x);
    left -= width;
  }
  return result;
}

line reversed(const line& from, std::size_t columns) {
  auto result = cut(from, columns);
  for (auto& x : result)
    x.reverse = true;
  const auto width = width_of(result);
  result.push_back({std::string(columns - std::min(width, columns), ' '), style::plain, true});
  return result;
}

std::string column_text(const std::string& text, std::size_t columns, bool right) {
  auto fitted = shorten(text, columns);
  const std::string spare(columns - std::min(display_width(fitted), columns), ' ');
  return right ? spare + fitted : fitted + spare;
}

std::vector<line> lines_of(const std::string& painted) {
  std::vector<line> result;
  auto how = style::plain;
  std::string_view rest = painted;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    result.push_back(line_of(rest.substr(0, end), how));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

terminal page_terminal(std::size_t columns) { return {columns, true}; }

std::string bar_text(double share, std::size_t columns) {
  const auto full = static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(columns)));
  std::string text;
  for (std::size_t i = 0; i < columns; ++i)
    text += i < full ? "█" : "░";
  return text;
}

} // namespace skein::console::screen
