#include "agents/agent_io.hpp"
#include "agents/arguments.hpp"
#include "agents/dependency_check.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

/// dependency-checker: who would break if this dataset migrated?
int main(int argc, char** argv) {
  using namespace skein::agents;
  CLI::App app{"Judges what a dataset's migration means for everything that reads it."};
  std::string hold_on = "breaks";
  app.add_option("--hold-on", hold_on,
                 "When to hold the migration back: breaks, breaks,unknown or never");
  if (auto done = parse_arguments(app, argc, argv))
    return *done;
  return run([&]() -> outcome<nlohmann::json> {
    const auto policy = parse_hold_policy(hold_on);
    if (!policy)
      return give_up(
          fmt::format("--hold-on is breaks, breaks,unknown or never, not \"{}\".", hold_on));
    const auto of = attempt::from_environment();
    return check_dependencies(metadata_client{of.metadata_api}, of, *policy);
  });
}
