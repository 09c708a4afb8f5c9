#include "tools/skein/print.hpp"

#include <cstdio>

namespace skein::console {

namespace {

captured_page* page = nullptr;

} // namespace

captured_page::captured_page() { page = this; }

captured_page::~captured_page() { page = nullptr; }

void print(std::string_view text) {
  if (page != nullptr) {
    page->text_.append(text);
    return;
  }
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void print_line(std::string_view text) { print(std::string{text} + "\n"); }

void remark(std::string_view text) {
  const auto line = "skein: " + std::string{text} + "\n";
  if (page != nullptr)
    return print(line);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace skein::console
