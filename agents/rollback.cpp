#include "agents/rollback.hpp"

#include "agents/files.hpp"
#include "agents/manifest.hpp"
#include "agents/rules.hpp"

#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

namespace fs = std::filesystem;

outcome<void> check_attempt(const attempt& of) {
  if (of.dataset.empty() || of.current_version.empty() || of.target_version.empty())
    return give_up(
        "Say what to put back: SKEIN_DATASET_ID, SKEIN_CURRENT_VERSION (the old one) and "
        "SKEIN_TARGET_VERSION.");
  return {};
}

outcome<void> old_data_is_there(const config::contract& old, const migration_place& place) {
  std::error_code error;
  const auto file = place.data_root / old.where.path;
  if (fs::is_regular_file(file, error))
    return {};
  return give_up(fmt::format("{}, the data of version {}, is not there; restore it, then retry.",
                             file.string(), old.version));
}

outcome<void> write_back(const metadata_client& store, const attempt& of) {
  auto written = store.set_version(
      of.dataset, of.target_version, of.current_version,
      fmt::format("rollback of {}@{} attempt {}", of.dataset, of.target_version, of.number));
  if (written || written.error().found == of.current_version)
    return {};
  if (written.error().kind != trouble_kind::conflict)
    return hand_on(written);
  return give_up(
      fmt::format("The metadata store has {} at \"{}\", neither at {} nor at {}; decide by "
                  "hand which one counts.",
                  of.dataset, written.error().found, of.target_version, of.current_version));
}

/// Where the new version's folder went; empty: there is none of this migration's.
outcome<fs::path> move_aside(const fs::path& folder, const attempt& of) {
  const auto found = read_manifest(folder);
  if (!found || found->migration != of.migration)
    return fs::path{};
  const auto kept = folder.parent_path() / ".rolled-back" / file_name_for(of.migration)
                    / std::to_string(env_number("SKEIN_EPOCH", 0));
  std::error_code error;
  fs::create_directories(kept.parent_path(), error);
  if (error)
    return tl::unexpected<trouble>{
        trouble_of(error.value(), "create the folder", kept.parent_path())};
  if (std::rename(folder.c_str(), kept.c_str()) != 0)
    return tl::unexpected<trouble>{trouble_of(errno, "move aside", folder)};
  for (const auto& changed : {folder.parent_path(), kept.parent_path()})
    if (auto durable = sync(changed); !durable)
      return hand_on(durable);
  return kept;
}

} // namespace

outcome<nlohmann::json> roll_back_dataset(const metadata_client& store, const attempt& of,
                                          const migration_place& place) {
  if (auto fine = check_attempt(of); !fine)
    return hand_on(fine);
  const auto old = fetch_contract(store, of.dataset, of.current_version);
  const auto now = old ? fetch_contract(store, of.dataset, of.target_version) : old;
  if (!now)
    return tl::unexpected{now.error()};
  const auto folder = (place.data_root / now->where.path).parent_path();
  if (folder == (place.data_root / old->where.path).parent_path())
    return give_up(fmt::format("Versions {} and {} keep their files in one folder, {}; put the old "
                               "one back by hand.",
                               old->version, now->version, folder.string()));
  if (auto there = old_data_is_there(*old, place); !there)
    return hand_on(there);
  if (auto written = write_back(store, of); !written)
    return hand_on(written);
  const auto kept = move_aside(folder, of);
  if (!kept)
    return tl::unexpected{kept.error()};
  nlohmann::json report{{"current_version", of.current_version}, {"location", old->where.path}};
  if (!kept->empty())
    report["kept"] = kept->string();
  return report;
}

} // namespace skein::agents
