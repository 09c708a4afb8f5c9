#include "agents/dataset_migration.hpp"

#include "agents/files.hpp"
#include "agents/lookup.hpp"
#include "agents/migrate.hpp"
#include "agents/published.hpp"
#include "agents/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>
#include <unistd.h>

namespace skein::agents {

namespace fs = std::filesystem;

namespace {

/// `${…}` that nobody expanded would otherwise be looked up as a dataset of that name.
outcome<void> check_names(const attempt& of) {
  if (of.dataset.starts_with("${") || of.target_version.starts_with("${"))
    return give_up(fmt::format("The dataset and target version were passed as {} and {}, which "
                               "nobody has expanded; run the agent through Skein or Nomad, or pass "
                               "real names.",
                               of.dataset, of.target_version));
  if (of.dataset.empty() || of.target_version.empty())
    return give_up("Say what to migrate: --dataset-id and --target-version.");
  return {};
}

outcome<void> refuse_questions(const config::mapping& mapping) {
  for (const auto& rule : mapping.rules)
    if (rule.kind == config::rule_kind::decide)
      return give_up(fmt::format("The mapping of {} leaves column \"{}\" to a human: {} Write the "
                                 "answer into the mapping, then retry.",
                                 mapping.dataset, rule.column, rule.question));
  return {};
}

migration_plan plan_for(const attempt& of, migration_rules rules, const migration_place& place) {
  migration_plan plan;
  plan.migration = of.migration.empty() ? of.dataset + "@" + of.target_version : of.migration;
  plan.attempt = of.number;
  plan.before = std::move(rules.before);
  plan.after = std::move(rules.after);
  plan.mapping = std::move(rules.mapping);
  plan.mapping_sha256 = std::move(rules.sha256);
  plan.data_root = place.data_root;
  plan.scratch = place.scratch;
  plan.memory_bytes = place.memory_bytes;
  return plan;
}

outcome<migration_plan> make_plan(const metadata_client& store, const attempt& of,
                                  const std::string& from, const migration_place& place) {
  auto rules = fetch_rules(store, of.dataset, from, of.target_version);
  if (!rules)
    return hand_on(rules);
  if (auto answered = refuse_questions(rules->mapping); !answered)
    return hand_on(answered);
  return plan_for(of, std::move(*rules), place);
}

/// The version is written back already, so the run that did it was not heard of: report its result.
outcome<nlohmann::json> report_again(const metadata_client& store, const attempt& of,
                                     const migration_place& place) {
  const nlohmann::json nothing{{"already_current", true}};
  if (of.current_version.empty() || of.current_version == of.target_version)
    return nothing;
  auto plan = make_plan(store, of, of.current_version, place);
  if (!plan && plan.error().kind == trouble_kind::transient)
    return hand_on(plan);
  if (!plan)
    return nothing;
  auto published = find_published(*plan);
  if (!published || !*published)
    return nothing;
  auto report = std::move(**published);
  report["already_current"] = true;
  return report;
}

outcome<void> write_back(const metadata_client& store, const attempt& of, const std::string& from) {
  auto written = store.set_version(
      of.dataset, from, of.target_version,
      fmt::format("migration-agent {}@{} attempt {}", of.dataset, of.target_version, of.number));
  if (written || written.error().found == of.target_version)
    return {};
  if (written.error().kind != trouble_kind::conflict)
    return hand_on(written);
  return give_up(fmt::format("The data of {} is at {}, but the metadata store has moved from {} to "
                             "\"{}\" meanwhile; decide by hand which one counts.",
                             of.dataset, of.target_version, from, written.error().found));
}

} // namespace

outcome<migration_place> migration_place::from_environment() {
  migration_place place;
  const auto root = env("SKEIN_DATA_ROOT");
  if (root.empty() || !fs::path{root}.is_absolute())
    return give_up("SKEIN_DATA_ROOT must be the absolute path of the contracts' data folder.");
  place.data_root = fs::path{root}.lexically_normal();
  place.scratch = fs::path{env_or("SKEIN_WORK_DIR", fs::temp_directory_path().string())}
                  / fmt::format("duckdb-{}", ::getpid());
  if (const auto limit = env_number("SKEIN_MEMORY_LIMIT", 0); limit > 0)
    place.memory_bytes = std::min(place.memory_bytes, limit / 5 * 3);
  return place;
}

outcome<nlohmann::json> migrate_dataset(const metadata_client& store, const attempt& of,
                                        const migration_place& place, overseer& watcher) {
  if (auto fine = check_names(of); !fine)
    return hand_on(fine);
  auto found = look_up(store, of);
  if (!found)
    return hand_on(found);
  const auto from = found->current_version;
  if (from == of.target_version)
    return report_again(store, of, place);
  auto plan = make_plan(store, of, from, place);
  if (!plan)
    return hand_on(plan);
  auto report = migrate(*plan, watcher);
  std::error_code ignored;
  fs::remove_all(place.scratch, ignored);
  if (!report)
    return report;
  if (watcher.stopped())
    return try_later("The agent was told to stop before it wrote the version back.");
  if (auto done = write_back(store, of, from); !done)
    return hand_on(done);
  return report;
}

} // namespace skein::agents
