#include "store/log_layout.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace skein::store {

namespace {

/// What all keys of a stream have in common: the id and the NUL that ends it (keys.hpp).
class stream_of_entry final : public rocksdb::SliceTransform {
public:
  /// Stands in the table files: a filter made under another name is not used.
  const char* Name() const override { return "skein.stream"; }

  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), key.ToStringView().find('\0') + 1};
  }

  bool InDomain(const rocksdb::Slice& key) const override {
    return key.ToStringView().find('\0') != std::string_view::npos;
  }
};

using table_options = rocksdb::BlockBasedTableOptions;

rocksdb::ColumnFamilyOptions family_options(const log_options& options, const table_options& table,
                                            size_t share_of_buffer) {
  rocksdb::ColumnFamilyOptions family;
  family.compression = rocksdb::kLZ4Compression;
  family.write_buffer_size = options.write_buffer_bytes / share_of_buffer;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

rocksdb::ColumnFamilyOptions index_options(const log_options& options, table_options table) {
  // Filters hold stream ids rather than whole keys: they answer "is this stream new?".
  table.whole_key_filtering = false;
  auto family = family_options(options, table, 16);
  family.prefix_extractor = std::make_shared<stream_of_entry>();
  // Its tables arrive ready-made and are small: a first level of RocksDB's 256 MB would be written
  // anew for each few of them.
  family.max_bytes_for_level_base = 16 << 20;
  family.target_file_size_base = 4 << 20;
  return family;
}

} // namespace

std::vector<rocksdb::ColumnFamilyDescriptor> log_families(const log_options& options) {
  table_options plain;
  plain.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  auto filtered = plain;
  filtered.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  return {
      {rocksdb::kDefaultColumnFamilyName, {}},
      {"chunks", family_options(options, plain, 1)},
      {"index", index_options(options, filtered)},
      {"snapshots", family_options(options, filtered, 2)},
      {"meta", family_options(options, plain, 16)}, // last: see database::open
  };
}

tl::expected<std::unique_ptr<database>, open_error> open_log_database(const open_request& request,
                                                                      const log_options& options) {
  rocksdb::DBOptions settings;
  // A write-ahead log that lost its end or is gone, with a later one behind it, is damage.
  settings.track_and_verify_wals_in_manifest = request.access != access::follow;
  settings.allow_concurrent_memtable_write = false; // one writer
  // A family that is seldom written must not keep old write-ahead logs alive: replay would grow.
  settings.max_total_wal_size = 2 * options.write_buffer_bytes;
  return database::open(request, settings, log_families(options));
}

} // namespace skein::store
