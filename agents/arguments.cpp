#include "agents/arguments.hpp"

#include "agents/agent_io.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace skein::agents {

std::optional<int> parse_arguments(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    fmt::print(stderr, "{}; see --help.\n", wrong.what());
    return exit_failure;
  }
}

} // namespace skein::agents
