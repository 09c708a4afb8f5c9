#include "tools/skein/terminal.hpp"

#include "actors/json_text.hpp"

#include <algorithm>
#include <cstdlib>
#include <cwchar>
#include <sys/ioctl.h>
#include <unistd.h>

namespace skein::console {

namespace {

constexpr std::string_view ellipsis = "…";

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value;
}

std::size_t columns_of(int file) {
  winsize size{};
  if (ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 80;
}

/// The length and width of the character at the beginning; a byte that begins none is one column.
std::pair<std::size_t, std::size_t> first_character(std::string_view text) {
  std::mbstate_t state{};
  wchar_t wide = 0;
  const auto length = std::mbrtowc(&wide, text.data(), text.size(), &state);
  if (length == 0 || length > text.size())
    return {1, 1};
  return {length, static_cast<std::size_t>(std::max(wcwidth(wide), 0))};
}

const char* sequence_of(style how) {
  switch (how) {
    case style::plain: return "";
    case style::bold: return "\x1b[1m";
    case style::dim: return "\x1b[2m";
    case style::good: return "\x1b[32m";
    case style::busy: return "\x1b[33m";
    case style::bad: return "\x1b[31m";
  }
  return "";
}

/// Breaks one paragraph; appends whole lines.
void wrap_line(std::string_view line, std::size_t columns, const std::string& indent,
               std::string& to) {
  std::string current;
  const auto room = columns == 0 ? SIZE_MAX : std::max<std::size_t>(columns, 20);
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    if (!current.empty() && display_width(indent + current) + 1 + display_width(word) > room) {
      to += indent + current + "\n";
      current.clear();
    }
    current += (current.empty() ? "" : " ") + std::string{word};
  }
  to += indent + current + "\n";
}

} // namespace

terminal standard_output() {
  if (!isatty(STDOUT_FILENO))
    return {};
  const char* kind = std::getenv("TERM");
  const bool dumb = !kind || std::string_view{kind} == "dumb";
  return {columns_of(STDOUT_FILENO), !dumb && !is_set("NO_COLOR")};
}

std::string paint(const terminal& to, style how, const std::string& text) {
  if (!to.colors || how == style::plain || text.empty())
    return text;
  return sequence_of(how) + text + "\x1b[0m";
}

std::size_t display_width(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const auto [length, width] = first_character(text);
    sum += width;
    text.remove_prefix(length);
  }
  return sum;
}

std::string shorten(const std::string& text, std::size_t columns) {
  if (display_width(text) <= columns)
    return text;
  std::size_t used = 0, end = 0;
  while (columns > 0) {
    const auto [length, width] = first_character(std::string_view{text}.substr(end));
    if (used + width > columns - 1)
      break;
    used += width;
    end += length;
  }
  return columns == 0 ? "" : text.substr(0, end) + std::string{ellipsis};
}

std::string one_line(std::string_view text) {
  auto clean = actors::clean_text(text, text.size());
  for (auto& x : clean)
    if (x == '\n' || x == '\t')
      x = ' ';
  return clean;
}

std::string wrap(std::string_view text, std::size_t columns, const std::string& indent) {
  const auto clean = actors::clean_text(text, text.size());
  std::string result;
  std::string_view rest = clean;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    wrap_line(rest.substr(0, end), columns, indent, result);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return result;
}

} // namespace skein::console
