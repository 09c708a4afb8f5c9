#include "bench/raw_log.hpp"

#include "bench/support.hpp"
#include "store/keys.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/table.h>

namespace skein::bench {

namespace keys = store::keys;

struct raw_database::impl {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;

  ~impl() {
    for (auto* handle : handles)
      db->DestroyColumnFamilyHandle(handle);
  }
};

namespace {

void check(const rocksdb::Status& status) {
  if (!status.ok())
    give_up(status.ToString());
}

/// As small a cache as the log's own (store::log_options).
rocksdb::Options plain_options() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(32 << 20);
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  options.max_open_files = 256;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

std::unique_ptr<rocksdb::DB> open(const std::filesystem::path& folder) {
  rocksdb::DB* db = nullptr;
  check(rocksdb::DB::Open(plain_options(), folder, &db));
  return std::unique_ptr<rocksdb::DB>{db};
}

rocksdb::Slice slice(const std::array<char, 8>& key) { return {key.data(), key.size()}; }

} // namespace

raw_database::raw_database(std::unique_ptr<impl> parts) : impl_{std::move(parts)} {}
raw_database::~raw_database() = default;
raw_database::raw_database(raw_database&&) noexcept = default;

raw_database raw_database::of_log(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  check(rocksdb::DB::ListColumnFamilies({}, folder, &names));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (auto& name : names)
    families.emplace_back(name, plain_options());
  auto opened = std::make_unique<impl>();
  rocksdb::DB* db = nullptr;
  check(rocksdb::DB::OpenForReadOnly(plain_options(), folder, families, &opened->handles, &db));
  opened->db.reset(db);
  return raw_database{std::move(opened)};
}

raw_database raw_database::copy_of(const store::log_reader& log,
                                   const std::filesystem::path& folder) {
  {
    auto db = open(folder);
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    value_of(log.read(1, store::no_limit, [&](const store::stored& record) {
      const rocksdb::Slice bytes{record.bytes.data(), record.bytes.size()};
      check(db->Put(unlogged, slice(keys::sequence(record.sequence)), bytes));
      return true;
    }));
    check(db->Flush({}));
  }
  auto opened = std::make_unique<impl>();
  opened->db = open(folder);
  return raw_database{std::move(opened)};
}

void raw_database::each_chunk(
    const std::function<void(uint64_t first, std::string_view value)>& visit) const {
  for (auto* family : impl_->handles) {
    if (family->GetName() != "chunks")
      continue;
    std::unique_ptr<rocksdb::Iterator> at{impl_->db->NewIterator({}, family)};
    for (at->SeekToFirst(); at->Valid(); at->Next())
      visit(keys::whole_be64(at->key().ToStringView()).value(), at->value().ToStringView());
    check(at->status());
  }
}

size_t raw_database::read(const std::vector<uint64_t>& sequences) const {
  std::vector<std::array<char, 8>> bytes;
  for (auto sequence : sequences)
    bytes.push_back(keys::sequence(sequence));
  std::vector<rocksdb::Slice> sought;
  for (auto& key : bytes)
    sought.push_back(slice(key));
  std::vector<rocksdb::PinnableSlice> values(sought.size());
  std::vector<rocksdb::Status> statuses(sought.size());
  impl_->db->MultiGet({}, impl_->db->DefaultColumnFamily(), sought.size(), sought.data(),
                      values.data(), statuses.data(), true);
  size_t total = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    check(statuses[i]);
    total += values[i].size();
  }
  return total;
}

} // namespace skein::bench
