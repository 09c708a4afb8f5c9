#pragma once

#include "events/failure.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Status;
struct ColumnFamilyDescriptor;
struct DBOptions;
} // namespace rocksdb

namespace skein::store {

enum class access {
  write,   ///< the one writer; creates the database if there is none
  inspect, ///< a look at what a writer would find, which changes nothing
  follow,  ///< beside a live writer, and can catch up with it
};

struct open_request {
  std::filesystem::path path;
  std::string_view noun; ///< what the database is, for sentences: "event log"
  store::access access = access::write;
  bool cut_damage = false;   ///< keep what stands before the first damage of the write-ahead log
  bool add_families = false; ///< create those that are missing
  rocksdb::Env* files = nullptr; ///< what RocksDB reaches its files through; null: the system's
};

struct open_error {
  bool damaged; ///< the files are not what was written, as opposed to locked, foreign, too new...
  std::string what;
};

/// Takes the lock by which RocksDB keeps a second writer out, across processes and within this one.
/// It is held while the answer lives.
expected<std::shared_ptr<void>> lock_folder(const open_request&);

/// An open RocksDB with its column families: the part that the log, the views and the metadata
/// have in common. Only this class turns a rocksdb::Status into a sentence.
class database {
public:
  /// Families are handed over in the order in which they are created on a first opening; the last
  /// one proves that the creation was finished.
  static tl::expected<std::unique_ptr<database>, open_error>
  open(const open_request&, const rocksdb::DBOptions&,
       const std::vector<rocksdb::ColumnFamilyDescriptor>&);

  /// The column families of the database in that folder; none if there is none.
  static std::vector<std::string> family_names(const std::filesystem::path&);

  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  rocksdb::DB& rocks() const;
  rocksdb::ColumnFamilyHandle* family(size_t index) const;

  /// Fails unless the "format" entry of that family is `<name> <version>`. Writes it for good if
  /// the database is open for writing and has none yet; its first family must then be empty.
  expected<void> claim_format(size_t family, std::string_view name, unsigned version);

  /// "the event log in <path> <cannot do this>: <RocksDB's words>"
  failure describe(std::string_view cannot, const rocksdb::Status&) const;

private:
  struct impl;
  explicit database(std::unique_ptr<impl>);
  expected<void> write_format(size_t family, const std::string& format);
  std::unique_ptr<impl> impl_;
};

} // namespace skein::store
