#pragma once

#include <string>
#include <string_view>

namespace skein::console {

/// Writes to standard output, which is flushed at once: what follows a log line must not wait in a
/// buffer.
void print(std::string_view text);

/// The same with a line break.
void print_line(std::string_view text);

/// A remark for the person, on standard error: `skein: <text>`. Programs that read standard output
/// do not see it.
void remark(std::string_view text);

/// While it lives, what is printed and remarked is gathered instead, for whoever draws it as a
/// whole. One at a time.
class captured_page {
public:
  captured_page();
  ~captured_page();
  captured_page(const captured_page&) = delete;
  captured_page& operator=(const captured_page&) = delete;

  /// What there is so far.
  const std::string& text() const { return text_; }

private:
  friend void print(std::string_view);
  std::string text_;
};

} // namespace skein::console
