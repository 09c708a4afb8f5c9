#include "tools/skein/print.hpp"

#include <cstdio>

namespace skein::console {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void print_line(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  print("\n");
}

} // namespace skein::console
