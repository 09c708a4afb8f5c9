#include "tools/skein/watch_page.hpp"

#include "tools/skein/print.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <thread>
#include <unistd.h>

namespace skein::console {

namespace {

/// There is nothing to clean up: an order is never watched.
extern "C" void end_well(int) { _exit(0); }

void end_on_signals() {
  struct sigaction ending {};
  ending.sa_handler = end_well;
  sigaction(SIGINT, &ending, nullptr);
  sigaction(SIGTERM, &ending, nullptr);
}

std::size_t terminal_lines() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 ? size.ws_row : 24;
}

/// Written over what is there, so that nothing flickers; what does not fit is left out.
std::string in_place(const std::string& text) {
  auto room = terminal_lines() - 1;
  std::string result = "\x1b[H";
  for (std::size_t begin = 0; begin < text.size() && room > 0; --room) {
    const auto end = std::min(text.find('\n', begin), text.size());
    result += text.substr(begin, end - begin) + "\x1b[K\n";
    begin = end + 1;
  }
  return result + "\x1b[J";
}

/// What it prints, and what went wrong. Bad usage stays so.
outcome<std::string> one_look(const session& with, const action& what) {
  const captured_page page;
  const auto done = what(with);
  if (!done && done.error().code == exit_code::usage)
    return tl::unexpected{done.error()};
  if (!done)
    remark(done.error().what
           + fmt::format("; looking again in {:g} s",
                         static_cast<double>(with.watch->count()) / 1000));
  return page.text();
}

} // namespace

outcome<void> watch_page(const session& with, const action& what) {
  end_on_signals();
  const bool is_terminal = isatty(STDOUT_FILENO) != 0;
  bool is_first = true;
  if (is_terminal)
    print("\x1b[2J");
  for (;;) {
    auto now = with;
    now.out = standard_output(); // a terminal may have got another size
    const auto text = one_look(now, what);
    if (!text)
      return tl::unexpected{text.error()};
    if (is_terminal)
      print(in_place(*text));
    else
      print((is_first ? "" : "\n") + *text);
    is_first = false;
    std::this_thread::sleep_for(*with.watch);
  }
}

} // namespace skein::console
