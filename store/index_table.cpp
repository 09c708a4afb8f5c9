#include "store/index_table.hpp"

#include <fmt/format.h>
#include <optional>
#include <regex>
#include <rocksdb/env.h>

namespace skein::store {

namespace {

namespace fs = std::filesystem;

/// The table that opening fails for want of, by RocksDB's own words: nothing else names it. They
/// may have the ending of older tables, which is tried last.
std::optional<fs::path> missing_table(open_request request, const log_options& options) {
  request.access = access::inspect;
  const auto opened = open_log_database(request, options);
  if (opened)
    return std::nullopt;
  const auto& what = opened.error().what;
  const std::regex name{"([0-9]+)\\.(sst|ldb)"};
  for (std::sregex_iterator each{what.begin(), what.end(), name}, end; each != end; ++each)
    if (auto file = request.path / (each->str(1) + ".sst"); !fs::exists(file))
      return file;
  return std::nullopt;
}

rocksdb::Status link_durably(rocksdb::Env& files, const fs::path& from, const fs::path& to) {
  auto status = files.LinkFile(from, to);
  std::unique_ptr<rocksdb::Directory> folder;
  if (status.ok())
    status = files.NewDirectory(to.parent_path(), &folder);
  return status.ok() ? folder->Fsync() : status;
}

} // namespace

fs::path index_table_file(const fs::path& folder) { return folder / "index.new"; }

expected<void> give_back_index_table(const open_request& request, const log_options& options) {
  const auto kept = index_table_file(request.path);
  if (!fs::exists(kept))
    return {};
  const auto lock = lock_folder(request);
  if (!lock)
    return tl::unexpected{lock.error()};
  const auto missing = missing_table(request, options);
  if (!missing)
    return {};
  auto* files = request.files ? request.files : rocksdb::Env::Default();
  if (auto status = link_durably(*files, kept, *missing); !status.ok())
    return fail(fmt::format("the {} in {} lacks {}, and {} cannot be linked to it: {}",
                            request.noun, request.path.string(), missing->filename().string(),
                            kept.filename().string(), status.ToString()));
  return {};
}

} // namespace skein::store
