#pragma once

#include <optional>

namespace CLI {
class App;
}

namespace skein::agents {

/// Parses an agent's arguments. An exit code means that the program is done: help was asked for,
/// or the arguments are wrong, which is said in one sentence on stderr.
std::optional<int> parse_arguments(CLI::App&, int argc, char** argv);

} // namespace skein::agents
