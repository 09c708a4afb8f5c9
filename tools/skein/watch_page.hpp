#pragma once

#include "tools/skein/command.hpp"

namespace skein::console {

/// Does it again and again: in place on a terminal, else one page after the other with an empty
/// line in between. Ends with the program, on SIGINT or SIGTERM, with exit code 0. What goes wrong
/// is said, and tried again.
outcome<void> watch_page(const session& with, const action& what);

} // namespace skein::console
