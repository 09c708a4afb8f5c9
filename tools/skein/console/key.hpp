#pragma once

#include <cstddef>
#include <string>

namespace skein::console::screen {

enum class key_code {
  text, ///< a character, also one of several bytes
  enter,
  escape,
  backspace,
  erase_all,  ///< Ctrl-U
  erase_word, ///< Ctrl-W
  up,
  down,
  page_up,
  page_down,
  home,
  end,
  tab,
  repaint, ///< Ctrl-L
  click,   ///< of the mouse's first button
  wheel_up,
  wheel_down,
};

struct key {
  key_code code;
  std::string text = {};
  std::size_t row = 0; ///< of the screen, from the top: where a click was
};

} // namespace skein::console::screen
