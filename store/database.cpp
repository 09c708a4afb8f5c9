#include "store/database.hpp"

#include "store/folder.hpp"
#include "store/info_log.hpp"
#include "store/keys.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rocksdb/db.h>
#include <rocksdb/listener.h>
#include <set>

namespace skein::store {

using families = std::vector<rocksdb::ColumnFamilyDescriptor>;

struct database::impl {
  open_request request;
  std::string path; // request.noun and path are in every sentence
  std::shared_ptr<warning_lines> warnings = std::make_shared<warning_lines>();
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;

  ~impl() {
    for (auto* handle : handles)
      db->DestroyColumnFamilyHandle(handle);
  }
};

namespace {

open_error plain(std::string what) { return {false, std::move(what)}; }

tl::unexpected<open_error> refuse(std::string what) {
  return tl::unexpected{plain(std::move(what))};
}

/// RocksDB would try to go on by itself once a full disk has room again, and trip over an assertion
/// where the write-ahead log ends in half a record. What failed is opened anew instead.
class no_resuming final : public rocksdb::EventListener {
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                            bool* resume) override {
    *resume = false;
  }
};

rocksdb::DBOptions with_common_settings(rocksdb::DBOptions options, const open_request& request) {
  if (request.files)
    options.env = request.files;
  options.create_if_missing = request.access == access::write;
  options.wal_recovery_mode = request.cut_damage
                                  ? rocksdb::WALRecoveryMode::kPointInTimeRecovery
                                  : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.listeners.push_back(std::make_shared<no_resuming>());
  options.max_bgerror_resume_count = 0;
  options.max_background_jobs = 2;
  options.max_manifest_file_size = 8 << 20;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  options.info_log_level = rocksdb::WARN_LEVEL;
  // A follower keeps every file open, so that it can read what the writer has deleted since.
  options.max_open_files = request.access == access::follow ? -1 : 256;
  return options;
}

/// Where RocksDB's warnings go: for the writer only, since whoever reads leaves no trace.
std::filesystem::path log_file(const open_request& request) {
  return request.access == access::write ? request.path / "LOG" : std::filesystem::path{};
}

/// Compares the column families on disk with ours. True means that the creation was interrupted
/// before it was finished, so that nothing can have been stored yet.
tl::expected<bool, open_error> check_families(const open_request& request, const families& ours,
                                              const rocksdb::DBOptions& options) {
  std::vector<std::string> names;
  auto status = rocksdb::DB::ListColumnFamilies(options, request.path, &names);
  if (!status.ok())
    return tl::unexpected{
        open_error{status.IsCorruption() || status.IsNotFound() || status.IsPathNotFound(),
                   fmt::format("the {} in {} cannot be opened: {}; restore the folder from a copy",
                               request.noun, request.path.string(), status.ToString())}};
  std::set<std::string> found{names.begin(), names.end()};
  std::vector<std::string> missing;
  for (auto& family : ours)
    if (found.erase(family.name) == 0)
      missing.push_back(family.name);
  if (!found.empty())
    return refuse(fmt::format("the {} in {} has the unknown column family {}: it was written by a "
                              "newer Skein, or is something else; use the Skein that wrote it",
                              request.noun, request.path.string(), *found.begin()));
  if (missing.empty() || request.add_families)
    return !missing.empty();
  const bool unfinished = missing.back() == ours.back().name && !holds_table_files(request.path);
  if (unfinished && request.access == access::write)
    return true;
  return refuse(fmt::format("the {} in {} lacks the column family {}: the folder holds something "
                            "else, or is damaged; name the right folder or restore it from a copy",
                            request.noun, request.path.string(), missing.front()));
}

tl::expected<bool, open_error> prepare(const open_request& request, const families& ours,
                                       const rocksdb::DBOptions& options) {
  auto content = survey_folder(request.path, request.noun);
  if (!content)
    return refuse(content.error().what);
  if (*content == folder_content::database)
    return check_families(request, ours, options);
  if (request.access == access::write)
    return true;
  return refuse(fmt::format("there is no {} in {}: check the path, or start the daemon that "
                            "creates it",
                            request.noun, request.path.string()));
}

rocksdb::Status open_rocks(const open_request& request, const rocksdb::DBOptions& options,
                           const families& ours, std::vector<rocksdb::ColumnFamilyHandle*>& handles,
                           rocksdb::DB*& db) {
  switch (request.access) {
    case access::inspect:
      return rocksdb::DB::OpenForReadOnly(options, request.path, ours, &handles, &db);
    case access::follow:
      // The second path is for an info log, which we give it ourselves: nothing is written there.
      return rocksdb::DB::OpenAsSecondary(options, request.path, request.path, ours, &handles, &db);
    case access::write: break;
  }
  return rocksdb::DB::Open(options, request.path, ours, &handles, &db);
}

} // namespace

expected<std::shared_ptr<void>> lock_folder(const open_request& request) {
  std::error_code error;
  std::filesystem::create_directories(request.path, error);
  if (error)
    return fail(fmt::format("the folder {} for the {} cannot be created: {}", request.path.string(),
                            request.noun, error.message()));
  auto* env = rocksdb::Env::Default();
  rocksdb::FileLock* held = nullptr;
  auto status = env->LockFile(request.path / "LOCK", &held);
  if (!status.ok())
    return fail(fmt::format("the {} in {} is already open for writing, here or in another process "
                            "(its LOCK file is held): stop that one first, or open it read-only "
                            "({})",
                            request.noun, request.path.string(), status.ToString()));
  return std::shared_ptr<void>{
      held, [env](void* lock) {
        env->UnlockFile(static_cast<rocksdb::FileLock*>(lock)).PermitUncheckedError();
      }};
}

tl::expected<std::unique_ptr<database>, open_error>
database::open(const open_request& request, const rocksdb::DBOptions& special,
               const families& ours) {
  auto options = with_common_settings(special, request);
  auto unfinished = prepare(request, ours, options);
  if (!unfinished)
    return tl::unexpected{unfinished.error()};
  if (request.access == access::write)
    if (auto lock = lock_folder(request); !lock)
      return refuse(lock.error().what);
  options.create_missing_column_families = *unfinished;

  auto opened = std::make_unique<impl>();
  opened->request = request;
  opened->path = request.path;
  options.info_log = make_info_log(opened->warnings, log_file(request));
  rocksdb::DB* db = nullptr;
  auto status = open_rocks(request, options, ours, opened->handles, db);
  opened->db.reset(db);
  std::unique_ptr<database> result{new database{std::move(opened)}};
  if (!status.ok())
    return tl::unexpected{
        open_error{status.IsCorruption(), result->describe("cannot be opened", status).what}};
  return result;
}

std::vector<std::string> database::family_names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies({}, folder, &names).ok())
    names.clear();
  return names;
}

database::database(std::unique_ptr<impl> parts) : impl_{std::move(parts)} {}
database::~database() = default;

rocksdb::DB& database::rocks() const { return *impl_->db; }
rocksdb::ColumnFamilyHandle* database::family(size_t index) const { return impl_->handles[index]; }

failure database::describe(std::string_view cannot, const rocksdb::Status& status) const {
  auto warnings = impl_->warnings->joined();
  return {fmt::format("the {} in {} {}: {}{}{}{}", impl_->request.noun, impl_->path, cannot,
                      status.ToString(), warnings.empty() ? "" : "; RocksDB says: ", warnings,
                      status.IsNoSpace() ? "; make room on the disk of that folder" : "")};
}

expected<void> database::claim_format(size_t family_index, std::string_view name,
                                      unsigned version) {
  const auto wanted = fmt::format("{} {}", name, version);
  std::string found;
  auto status = rocks().Get({}, family(family_index), rocksdb::Slice{keys::format}, &found);
  if (status.ok() && found == wanted)
    return {};
  if (status.ok())
    return fail(fmt::format("{} holds \"{}\", and \"{}\" was expected: {}", impl_->path, found,
                            wanted,
                            found.starts_with(name) ? "use the Skein that wrote it, or a newer one"
                                                    : "name another folder"));
  if (!status.IsNotFound())
    return tl::unexpected{describe("cannot read its format entry", status)};
  if (impl_->request.access != access::write)
    return fail(fmt::format("the {} in {} was never finished: start the daemon that creates it",
                            impl_->request.noun, impl_->path));
  return write_format(family_index, wanted);
}

expected<void> database::write_format(size_t family_index, const std::string& format) {
  std::unique_ptr<rocksdb::Iterator> anything{rocks().NewIterator({}, family(0))};
  anything->SeekToFirst();
  if (anything->Valid())
    return fail(fmt::format("the database in {} is no {}: it has no format entry, but other ones; "
                            "name another folder",
                            impl_->path, impl_->request.noun));
  auto status = rocks().Put({}, family(family_index), rocksdb::Slice{keys::format}, format);
  // Into a table file, so that a write-ahead log lost in its entirety is not a creation unfinished.
  if (status.ok())
    status = rocks().Flush({}, family(family_index));
  if (!status.ok())
    return tl::unexpected{describe("cannot write its format entry", status)};
  return {};
}

} // namespace skein::store
