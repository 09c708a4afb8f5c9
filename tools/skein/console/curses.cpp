#include "tools/skein/console/curses.hpp"

#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <map>
#include <optional>
#include <sys/ioctl.h>
#include <unistd.h>

// Its macros have names such as `clear` and `move`.
#define NCURSES_NOMACROS
#include <ncurses.h>

namespace skein::console::screen {

namespace {

// An escape sequence that comes in pieces over a slow link is still one key.
constexpr int escape_delay_ms = 60;

enum pair : short { good_pair = 1, busy_pair, bad_pair };

void start_colors() {
  start_color();
  use_default_colors();
  init_pair(good_pair, COLOR_GREEN, -1);
  init_pair(busy_pair, COLOR_YELLOW, -1);
  init_pair(bad_pair, COLOR_RED, -1);
}

attr_t attributes_of(const span& x, bool colors) {
  attr_t result = x.reverse ? A_REVERSE : A_NORMAL;
  switch (x.how) {
    case style::plain: break;
    case style::bold: result |= A_BOLD; break;
    case style::dim: result |= x.reverse ? A_NORMAL : A_DIM; break;
    case style::good: result |= colors ? COLOR_PAIR(good_pair) : A_NORMAL; break;
    case style::busy: result |= colors ? COLOR_PAIR(busy_pair) : A_NORMAL; break;
    case style::bad: result |= colors ? COLOR_PAIR(bad_pair) : A_BOLD; break;
  }
  return result;
}

std::string utf8_of(wint_t character) {
  char bytes[MB_LEN_MAX];
  std::mbstate_t state{};
  const auto length = std::wcrtomb(bytes, static_cast<wchar_t>(character), &state);
  return length == static_cast<std::size_t>(-1) ? std::string{} : std::string(bytes, length);
}

const std::map<wint_t, key_code>& function_keys() {
  static const std::map<wint_t, key_code> known{
      {KEY_UP, key_code::up},         {KEY_DOWN, key_code::down},
      {KEY_PPAGE, key_code::page_up}, {KEY_NPAGE, key_code::page_down},
      {KEY_HOME, key_code::home},     {KEY_END, key_code::end},
      {KEY_ENTER, key_code::enter},   {KEY_BACKSPACE, key_code::backspace},
      {KEY_LEFT, key_code::page_up},  {KEY_RIGHT, key_code::page_down},
  };
  return known;
}

const std::map<wint_t, key_code>& control_keys() {
  static const std::map<wint_t, key_code> known{
      {'\r', key_code::enter},    {'\n', key_code::enter},    {27, key_code::escape},
      {127, key_code::backspace}, {8, key_code::backspace},   {'\t', key_code::tab},
      {21, key_code::erase_all},  {23, key_code::erase_word}, {12, key_code::repaint},
      {16, key_code::up},         {14, key_code::down},       {2, key_code::page_up},
      {6, key_code::page_down},
  };
  return known;
}

/// What is pressed counts at once: what makes a double click is for the model to say.
void start_mouse() {
  mouseinterval(0);
  mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, nullptr);
}

std::optional<key> mouse_key() {
  MEVENT event{};
  if (getmouse(&event) != OK || event.y < 0)
    return std::nullopt;
  if ((event.bstate & BUTTON4_PRESSED) != 0)
    return key{key_code::wheel_up};
  if ((event.bstate & BUTTON5_PRESSED) != 0)
    return key{key_code::wheel_down};
  return key{key_code::click, {}, static_cast<std::size_t>(event.y)};
}

} // namespace

struct full_screen::impl {
  SCREEN* screen = nullptr;
  bool colors = false;

  ~impl() {
    if (screen == nullptr)
      return;
    endwin();
    delscreen(screen);
  }
};

full_screen::full_screen(std::unique_ptr<impl> owned) : impl_{std::move(owned)} {}

full_screen::~full_screen() = default;

outcome<std::unique_ptr<full_screen>> full_screen::open(bool colors, bool mouse) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
    return give_up(exit_code::usage, "the console needs a terminal to draw on; for programs and "
                                     "pipes there are: skein list, skein show, skein events");
  auto made = std::make_unique<impl>();
  made->screen = newterm(nullptr, stdout, stdin);
  if (made->screen == nullptr) {
    const char* kind = std::getenv("TERM");
    return give_up(exit_code::usage, "this terminal's kind, \"" + std::string{kind ? kind : ""}
                                         + "\", is not known here; set TERM, such as to xterm");
  }
  made->colors = colors && has_colors();
  if (made->colors)
    start_colors();
  cbreak();
  noecho();
  nonl();
  keypad(stdscr, TRUE);
  nodelay(stdscr, TRUE);
  leaveok(stdscr, FALSE);
  set_escdelay(escape_delay_ms);
  curs_set(0);
  if (mouse)
    start_mouse();
  return std::unique_ptr<full_screen>{new full_screen{std::move(made)}};
}

void full_screen::paint(const picture& shown) {
  werase(stdscr);
  int row = 0;
  for (const auto& each : shown.lines) {
    wmove(stdscr, row++, 0);
    for (const auto& x : each) {
      wattrset(stdscr, static_cast<int>(attributes_of(x, impl_->colors)));
      waddstr(stdscr, x.text.c_str());
    }
  }
  wattrset(stdscr, A_NORMAL);
  curs_set(shown.cursor ? 1 : 0);
  if (shown.cursor)
    wmove(stdscr, static_cast<int>(shown.cursor->row), static_cast<int>(shown.cursor->column));
  wrefresh(stdscr);
}

void full_screen::repaint() { clearok(stdscr, TRUE); }

std::vector<key> full_screen::keys() {
  std::vector<key> result;
  for (;;) {
    wint_t got = 0;
    const auto kind = wget_wch(stdscr, &got);
    if (kind == ERR)
      return result;
    if (kind == KEY_CODE_YES && got == KEY_MOUSE) {
      if (auto pressed = mouse_key())
        result.push_back(std::move(*pressed));
      continue;
    }
    const auto& known = kind == KEY_CODE_YES ? function_keys() : control_keys();
    if (const auto found = known.find(got); found != known.end())
      result.push_back({found->second});
    else if (kind != KEY_CODE_YES && got >= 32)
      result.push_back({key_code::text, utf8_of(got)});
  }
}

place full_screen::resize() {
  winsize now{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0 && now.ws_row > 0 && now.ws_col > 0)
    resizeterm(now.ws_row, now.ws_col);
  return {static_cast<std::size_t>(getmaxx(stdscr)), static_cast<std::size_t>(getmaxy(stdscr))};
}

} // namespace skein::console::screen
