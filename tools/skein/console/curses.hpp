#pragma once

#include "tools/skein/console/key.hpp"
#include "tools/skein/console/picture.hpp"
#include "tools/skein/outcome.hpp"

#include <memory>
#include <vector>

namespace skein::console::screen {

/// The terminal as a full screen (ncursesw), from its making to its end, which gives the terminal
/// back as it was. There is one at a time, used by one thread. Nothing but what has changed is
/// sent to the terminal.
class full_screen {
public:
  /// `mouse`: its clicks and wheel are ours, not the terminal's.
  static outcome<std::unique_ptr<full_screen>> open(bool colors, bool mouse);
  ~full_screen();

  void paint(const picture&);

  /// All over, whatever the terminal shows.
  void repaint();

  /// The keys that were pressed since the last time; does not wait.
  std::vector<key> keys();

  /// Takes over the terminal's size; answers it.
  place resize();

private:
  struct impl;
  explicit full_screen(std::unique_ptr<impl> owned);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::console::screen
