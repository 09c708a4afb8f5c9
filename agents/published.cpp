#include "agents/published.hpp"

#include "agents/files.hpp"
#include "agents/manifest.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

tl::unexpected<trouble> not_ours(const migration_plan& plan, const std::string& why) {
  return give_up(fmt::format("{} is there already, but {}; move it away, then retry.",
                             plan.target_folder().string(), why));
}

bool is_empty_or_missing(const std::filesystem::path& folder) {
  std::error_code error;
  return !std::filesystem::exists(folder, error) || std::filesystem::is_empty(folder, error);
}

outcome<void> compare_inputs(const migration_plan& plan, const manifest& found) {
  if (found.migration != plan.migration)
    return not_ours(plan, fmt::format("it is the result of {}", found.migration));
  if (found.file != plan.target_file().filename().string()
      || found.mapping_sha256 != plan.mapping_sha256)
    return not_ours(plan, "it was made by another mapping or contract");
  auto source = sha256_of_file(plan.source_file());
  if (!source)
    return hand_on(source);
  if (*source != found.source_sha256)
    return not_ours(plan, "it was made from other source data");
  return {};
}

} // namespace

outcome<std::optional<nlohmann::json>> find_published(const migration_plan& plan) {
  if (is_empty_or_missing(plan.target_folder()))
    return std::nullopt;
  auto found = read_manifest(plan.target_folder());
  if (!found)
    return not_ours(plan, "it was not written by Skein");
  if (auto same = compare_inputs(plan, *found); !same)
    return hand_on(same);
  auto data = sha256_of_file(plan.target_file());
  if (!data || *data != found->file_sha256)
    return not_ours(plan, "its data file is not the one that was published");
  auto report = nlohmann::json::parse(found->report, nullptr, false);
  report["already_published"] = true;
  return report;
}

} // namespace skein::agents
