#pragma once

#include <string>

namespace CLI {
class App;
}

namespace skein::console {

/// The manual page of all commands, in the language of man(7).
std::string manual(const CLI::App& root);

} // namespace skein::console
