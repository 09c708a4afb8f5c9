#include "agents/arguments.hpp"
#include "agents/dataset_migration.hpp"
#include "agents/rollback.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

/// migration-agent: moves one dataset's data to another version of its contract, or back.
int main(int argc, char** argv) {
  using namespace skein::agents;
  overseer watcher; // first, so that every later thread leaves the signals to it
  CLI::App app{"Transforms, copies and validates one dataset's data, and publishes the result."};
  auto of = attempt::from_environment();
  app.add_option("--dataset-id", of.dataset, "Dataset to migrate");
  app.add_option("--target-version", of.target_version, "Version to migrate it to");
  bool back = false;
  app.add_flag("--roll-back", back, "Put the dataset back to the version its migration began at");
  if (auto done = parse_arguments(app, argc, argv))
    return *done;
  return run([&]() -> outcome<nlohmann::json> {
    const auto place = migration_place::from_environment();
    if (!place)
      return tl::unexpected{place.error()};
    if (back)
      return roll_back_dataset(metadata_client{of.metadata_api}, of, *place);
    return migrate_dataset(metadata_client{of.metadata_api}, of, *place, watcher);
  });
}
