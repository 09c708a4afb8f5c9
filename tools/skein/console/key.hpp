#pragma once

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
};

struct key {
  key_code code;
  std::string text = {};
};

} // namespace skein::console::screen
