#include "tools/skein/confirm.hpp"

#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace skein::console {

outcome<void> confirm(bool yes, const std::function<outcome<std::string>()>& what_it_concerns) {
  if (yes)
    return {};
  if (isatty(STDIN_FILENO) == 0)
    return give_up(exit_code::usage,
                   "say --yes to have it done; --dry-run only says what it would do");
  const auto text = what_it_concerns();
  if (!text)
    return tl::unexpected{text.error()};
  std::fprintf(stderr, "%s\ngo on? [y/N] ", text->c_str());
  std::string answer;
  std::getline(std::cin, answer);
  if (answer == "y" || answer == "yes")
    return {};
  return give_up(exit_code::refused, "nothing was ordered");
}

} // namespace skein::console
