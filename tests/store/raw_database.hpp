#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <rocksdb/db.h>
#include <vector>

namespace skein::store::test {

/// Opens what is there with plain RocksDB, as somebody else's program would.
class raw_database {
public:
  explicit raw_database(const std::filesystem::path& path) {
    rocksdb::Options options;
    options.create_if_missing = true;
    std::vector<std::string> names;
    if (!rocksdb::DB::ListColumnFamilies(options, path, &names).ok())
      names = {rocksdb::kDefaultColumnFamilyName};
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (auto& name : names)
      families.emplace_back(name, rocksdb::ColumnFamilyOptions{});
    rocksdb::DB* opened = nullptr;
    REQUIRE(rocksdb::DB::Open(options, path, families, &handles, &opened).ok());
    db.reset(opened);
  }
  ~raw_database() {
    for (auto* handle : handles)
      db->DestroyColumnFamilyHandle(handle);
  }

  rocksdb::ColumnFamilyHandle* family(std::string_view name) const {
    for (auto* handle : handles)
      if (handle->GetName() == name)
        return handle;
    FAIL("no such family");
    return nullptr;
  }

  rocksdb::ColumnFamilyHandle* add_family(const std::string& name) {
    handles.emplace_back();
    REQUIRE(db->CreateColumnFamily({}, name, &handles.back()).ok());
    return handles.back();
  }

  void put(std::string_view family_name, const std::string& key, const std::string& value) {
    REQUIRE(db->Put({}, family(family_name), key, value).ok());
  }

  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
};

} // namespace skein::store::test
