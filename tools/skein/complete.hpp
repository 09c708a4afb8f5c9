#pragma once

#include "tools/skein/context_file.hpp"

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

/// What could come next on a command line: `skein __complete WORD…` prints it for the shells'
/// scripts, a candidate a line with a tab and what it means.
namespace skein::console {

struct candidate {
  std::string text;
  std::string help = {};

  bool operator==(const candidate&) const = default;
};

/// Stands alone where the shell is to complete the name of a file.
inline constexpr auto files_wanted = ":files";

/// Values of a kind (`MIGRATION`, `OWNER`, …) that begin so, of wherever the line says.
using value_finder = std::function<std::vector<std::string>(
    const std::string& kind, const std::string& prefix, const where_to_work&)>;

/// `words` are all behind the program's name; the last is being typed, and may be empty.
std::vector<candidate> complete(const CLI::App& root, const std::vector<std::string>& words,
                                const value_finder& values);

/// Asks a daemon, for a second at most; without one it knows contexts only.
std::vector<std::string> find_values(const std::string& kind, const std::string& prefix,
                                     const where_to_work&);

} // namespace skein::console
