#pragma once

#include "tools/skein/outcome.hpp"
#include "tools/skein/terminal.hpp"

#include <filesystem>
#include <string>

namespace skein::console {

/// What the common flags say, the same for every command.
struct session {
  std::filesystem::path workspace;
  bool json = false; ///< for programs: the API's own JSON on standard output
  terminal out;
};

/// `skein`, with the workspace where a person in the same folder would have to name it too.
std::string program_words(const session&);

} // namespace skein::console
