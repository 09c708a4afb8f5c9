#include "store/ordered_store.hpp"

#include "store/follow.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/perf_level.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace skein::store {

namespace {

using rocksdb::Slice;

constexpr size_t only_family = 0;
/// The view's keys begin with "row/" and a letter for what kind of row it is.
constexpr size_t hint_prefix = 5;

/// The first key behind all that start with the prefix; empty if there is none.
std::string end_of(std::string_view prefix) {
  std::string end{prefix};
  while (!end.empty() && end.back() == '\xff')
    end.pop_back();
  if (!end.empty())
    ++end.back();
  return end;
}

expected<std::unique_ptr<database>> open_database(const std::filesystem::path& path,
                                                  const ordered_use& use, access how) {
  rocksdb::ColumnFamilyOptions family;
  family.compression = rocksdb::kLZ4Compression;
  family.write_buffer_size = 8 << 20;
  // Writes come sorted: the place of one kind of row is found from the last of its kind.
  family.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewCappedPrefixTransform(hint_prefix));
  rocksdb::BlockBasedTableOptions table;
  table.block_size = use.block_bytes;
  table.block_cache = rocksdb::NewLRUCache(use.cache_bytes);
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  open_request request{path, use.noun, how, !use.synced};
  auto db = database::open(request, {}, {{rocksdb::kDefaultColumnFamilyName, family}});
  if (!db)
    return fail(db.error().what);
  return std::move(*db);
}

} // namespace

expected<std::unique_ptr<ordered_store>> ordered_store::open(const std::filesystem::path& path,
                                                             const ordered_use& use, access how) {
  auto attempt = [&] { return open_database(path, use, how); };
  auto db = how == access::write ? attempt() : undisturbed(path, use.noun, attempt);
  if (!db)
    return tl::unexpected{db.error()};
  if (auto format = (*db)->claim_format(only_family, use.format, use.format_version); !format)
    return tl::unexpected{format.error()};
  return std::unique_ptr<ordered_store>{new ordered_store{std::move(*db), use.synced}};
}

expected<std::optional<std::string>> ordered_store::get(std::string_view key) const {
  std::string value;
  auto status = db_->rocks().Get({}, Slice{key}, &value);
  if (status.IsNotFound())
    return std::nullopt;
  if (!status.ok())
    return tl::unexpected{db_->describe(fmt::format("cannot read {}", key), status)};
  return value;
}

expected<std::vector<std::optional<std::string>>>
ordered_store::get_all(std::span<const std::string> keys) const {
  const std::vector<Slice> sought{keys.begin(), keys.end()};
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  auto& rocks = db_->rocks();
  rocks.MultiGet({}, rocks.DefaultColumnFamily(), keys.size(), sought.data(), values.data(),
                 statuses.data());
  std::vector<std::optional<std::string>> found(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok())
      found[i] = values[i].ToString();
    else if (!statuses[i].IsNotFound())
      return tl::unexpected{db_->describe(fmt::format("cannot read {}", keys[i]), statuses[i])};
  }
  return found;
}

expected<void> ordered_store::scan(std::string_view prefix, std::string_view after, uint64_t limit,
                                   const ordered_visitor& visit) const {
  const auto past_after = std::string{after} + '\0'; // the smallest key greater than it
  // A file that has nothing in the range takes no part in the scan; without an end, the next key it
  // has would be compared with at every step.
  const auto end = end_of(prefix);
  const Slice bound{end};
  rocksdb::ReadOptions options;
  rocksdb::SetPerfLevel(rocksdb::kDisable); // or each step counts itself, for nobody
  if (!end.empty())
    options.iterate_upper_bound = &bound;
  std::unique_ptr<rocksdb::Iterator> at{db_->rocks().NewIterator(options)};
  at->Seek(after < prefix ? Slice{prefix} : Slice{past_after});
  for (; limit > 0 && at->Valid() && at->key().starts_with(prefix); at->Next(), --limit)
    if (!visit(at->key().ToStringView(), at->value().ToStringView()))
      return {};
  if (!at->status().ok())
    return tl::unexpected{
        db_->describe(fmt::format("cannot read what starts with {}", prefix), at->status())};
  return {};
}

expected<void> ordered_store::write(std::span<const ordered_change> changes) {
  std::lock_guard lock{mutex_};
  if (broken_)
    return tl::unexpected{*broken_};
  rocksdb::WriteBatch batch;
  for (auto& change : changes)
    (change.value ? batch.Put(change.key, *change.value) : batch.Delete(change.key))
        .PermitUncheckedError();
  rocksdb::WriteOptions options;
  options.sync = synced_;
  auto status = db_->rocks().Write(options, &batch);
  if (status.ok())
    return {};
  broken_ = db_->describe("takes no more writes until it is opened anew", status);
  return tl::unexpected{*broken_};
}

} // namespace skein::store
