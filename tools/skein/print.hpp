#pragma once

#include <string_view>

namespace skein::console {

/// Writes to standard output, which is flushed at once: what follows a log line must not wait in a
/// buffer.
void print(std::string_view text);

/// The same with a line break.
void print_line(std::string_view text);

} // namespace skein::console
