#include "agents/migrate.hpp"

#include "agents/changes.hpp"
#include "agents/copy_sql.hpp"
#include "agents/files.hpp"
#include "agents/manifest.hpp"
#include "agents/phases.hpp"
#include "agents/published.hpp"
#include "agents/staging.hpp"
#include "agents/validate.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace skein::agents {

namespace {

namespace fs = std::filesystem;

/// One run through the phases. Each function is a phase or a piece of the report.
class migration_run {
public:
  migration_run(const migration_plan& plan, overseer& watcher, database& db, staging place)
      : plan_{plan}, db_{db}, place_{std::move(place)}, phases_{watcher, db} {}

  outcome<nlohmann::json> run() {
    if (auto x = transform(); !x)
      return hand_on(x);
    if (auto x = copy(); !x)
      return hand_on(x);
    if (auto x = check(); !x)
      return hand_on(x);
    if (auto x = publish(); !x)
      return hand_on(x);
    return report_;
  }

private:
  outcome<void> transform() {
    phases_.begin("transform", 0.0, 0.3);
    auto stamp = stamp_of(plan_.source_file());
    if (!stamp)
      return hand_on(stamp);
    source_stamp_ = *stamp;
    auto sum = sha256_of_file(plan_.source_file());
    if (!sum)
      return hand_on(sum);
    manifest_.source_sha256 = *sum;
    auto tried = prepare_transformation(db_, plan_);
    if (!tried)
      return hand_on(tried);
    work_ = std::move(*tried);
    phases_.end(work_.source.rows, stamp->bytes);
    return {};
  }

  outcome<void> copy() {
    phases_.begin("copy", 0.3, 0.7);
    auto done = db_.query(
        copy_sql(transform_sql(work_.columns, work_.source.view), plan_.after.where, staged()));
    if (!done && done.error().kind == trouble_kind::transient && !db_.interrupted())
      return try_later(fmt::format("The disk that holds {} is full: {}; free some space.",
                                   plan_.data_root.string(), done.error().what));
    if (!done)
      return tl::unexpected<trouble>{explain(db_, plan_, work_, std::move(done.error()))};
    auto stamp = stamp_of(staged());
    if (!stamp)
      return hand_on(stamp);
    manifest_.file_bytes = stamp->bytes;
    phases_.end(work_.source.rows, stamp->bytes);
    return {};
  }

  outcome<void> check() {
    phases_.begin("validation", 0.7, 0.95);
    auto valid = validate(db_, plan_, work_, staged());
    if (!valid)
      return hand_on(valid);
    valid_ = std::move(*valid);
    auto stamp = stamp_of(plan_.source_file());
    if (!stamp)
      return hand_on(stamp);
    if (*stamp != source_stamp_)
      return try_later(
          fmt::format("{} changed while it was migrated.", plan_.source_file().string()));
    phases_.end(work_.source.rows, manifest_.file_bytes);
    return {};
  }

  outcome<void> publish() {
    phases_.begin("publish", 0.95, 1.0);
    if (db_.interrupted())
      return try_later("The work was interrupted.");
    auto sum = sha256_of_file(staged());
    if (!sum)
      return hand_on(sum);
    manifest_.file_sha256 = *sum;
    report_ = report();
    if (auto written = write_file(place_.folder() / manifest_name, manifest_text()); !written)
      return written;
    return place_.publish();
  }

  std::string manifest_text() {
    manifest_.migration = plan_.migration;
    manifest_.source_bytes = source_stamp_.bytes;
    manifest_.mapping_sha256 = plan_.mapping_sha256;
    manifest_.file = plan_.target_file().filename().string();
    manifest_.rows = work_.source.rows;
    manifest_.report = report_.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return to_text(manifest_);
  }

  nlohmann::json report() const {
    auto phases = nlohmann::json::array();
    for (const auto& x : phases_.reports())
      if (x.name != "publish") // still under way
        phases.push_back(to_json(x));
    auto quality = nlohmann::json::array();
    for (const auto& x : valid_.quality)
      quality.push_back(to_json(x));
    return {{"rows", work_.source.rows},
            {"bytes", manifest_.file_bytes},
            {"seconds", phases_.seconds()},
            {"phases", phases},
            {"location", plan_.after.where.path},
            {"server", plan_.after.where.server},
            {"checksums", valid_.checksums},
            {"quality", quality},
            {"nulled", work_.nulled},
            {"changes", to_json(changes_between(plan_.before, plan_.mapping, plan_.after))}};
  }

  fs::path staged() const { return place_.folder() / plan_.target_file().filename(); }

  const migration_plan& plan_;
  database& db_;
  staging place_;
  phase_log phases_;
  transformation work_;
  validation valid_;
  manifest manifest_;
  nlohmann::json report_;
  file_stamp source_stamp_;
};

outcome<void> check_places(const migration_plan& plan) {
  if (fs::path{plan.after.where.path}.parent_path().empty())
    return give_up(
        fmt::format("Contract {} keeps its file in the data root itself; a version needs "
                    "a folder of its own, such as {}/{}/.",
                    version_name(plan.after), plan.after.dataset, plan.after.version));
  if (plan.target_folder() == plan.source_file().parent_path())
    return give_up(fmt::format("Contracts {} and {} keep their files in one folder, {}; a version "
                               "needs a folder of its own.",
                               version_name(plan.before), version_name(plan.after),
                               plan.target_folder().string()));
  if (!plan.after.where.record_path.empty())
    return give_up(fmt::format("Contract {} has a recordPath; Skein reads such files but writes "
                               "records at the top level only.",
                               version_name(plan.after)));
  std::error_code error;
  if (is_mount_point(plan.target_folder())
      && !fs::exists(plan.target_folder() / manifest_name, error))
    return give_up(mount_advice(plan.target_folder()));
  return {};
}

outcome<std::unique_ptr<database>> open_database(const migration_plan& plan, const staging& place) {
  std::error_code error;
  fs::create_directories(plan.scratch, error);
  if (error)
    return tl::unexpected<trouble>{trouble_of(error.value(), "create the folder", plan.scratch)};
  database_options options;
  options.memory_bytes = plan.memory_bytes;
  options.scratch = plan.scratch;
  options.allowed_directories = {plan.source_file().parent_path(), place.folder()};
  return database::open(options);
}

/// Types as DuckDB names them decide which casts are needed.
outcome<migration_plan> with_canonical_contracts(database& db, migration_plan plan) {
  for (auto* contract : {&plan.before, &plan.after}) {
    auto resolved = with_canonical_types(db, std::move(*contract));
    if (!resolved)
      return hand_on(resolved);
    *contract = std::move(*resolved);
  }
  return plan;
}

} // namespace

outcome<nlohmann::json> migrate(const migration_plan& plan, overseer& watcher) {
  if (auto fine = check_places(plan); !fine)
    return hand_on(fine);
  auto place = staging::prepare(plan.data_root, plan.target_folder(), plan.migration, plan.attempt);
  if (!place)
    return hand_on(place);
  auto published = find_published(plan);
  if (!published)
    return hand_on(published);
  if (*published)
    return std::move(**published);
  auto db = open_database(plan, *place);
  if (!db)
    return hand_on(db);
  auto canonical = with_canonical_contracts(**db, plan);
  if (!canonical)
    return hand_on(canonical);
  return migration_run{*canonical, watcher, **db, std::move(*place)}.run();
}

} // namespace skein::agents
