#include "faulty_disk.hpp"

#include "disk_rules.hpp"

#include <cstring>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

namespace skein::store::test {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

/// As RocksDB reports the real ones: of these two, only a lack of space may be tried again.
IOStatus status_of(file_outcome how) {
  if (how == file_outcome::is_lost)
    return IOStatus::OK();
  if (how != file_outcome::no_space)
    return IOStatus::IOError("injected", "Input/output error");
  auto status = IOStatus::NoSpace("injected", "No space left on device");
  status.SetRetryable(true);
  return status;
}

/// A file is known by its path: RocksDB renames none that is open.
class written_file final : public rocksdb::FSWritableFileOwnerWrapper {
public:
  written_file(std::unique_ptr<rocksdb::FSWritableFile> file, std::string path, disk_rules& rules)
      : FSWritableFileOwnerWrapper{std::move(file)},
        path_{std::move(path)},
        kind_{kind_of(path_)},
        rules_{rules} {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (auto how = rules_.meet(kind_, file_operation::write)) {
      if (*how == file_outcome::is_short)
        put({data.data(), data.size() / 2}, options, debug).PermitUncheckedError();
      return status_of(*how);
    }
    const auto room = rules_.take_room(data.size());
    auto status = put({data.data(), room}, options, debug);
    return room < data.size() ? status_of(file_outcome::no_space) : status;
  }

  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    if (auto how = rules_.meet(kind_, file_operation::sync)) {
      rules_.note([&](synced_files& all) { all.failed_to_sync(path_); });
      return status_of(*how);
    }
    // Nobody will pull the real plug: a real fsync would only cost time.
    rules_.note([&](synced_files& all) { all.synced(path_); });
    return IOStatus::OK();
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

private:
  IOStatus put(const Slice& data, const IOOptions& options, IODebugContext* debug) {
    auto status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    rules_.note([&](synced_files& all) { all.wrote(path_, data.size()); });
    return status;
  }

  std::string path_;
  file_kind kind_;
  disk_rules& rules_;
};

class synced_folder final : public rocksdb::FSDirectoryWrapper {
public:
  synced_folder(std::unique_ptr<rocksdb::FSDirectory> folder, disk_rules& rules)
      : FSDirectoryWrapper{std::move(folder)}, rules_{rules} {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    if (auto how = rules_.meet(file_kind::other, file_operation::sync))
      return status_of(*how);
    rules_.note([](synced_files& all) { all.synced_folder(); });
    return IOStatus::OK();
  }

  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

private:
  disk_rules& rules_;
};

/// Fails a read, or flips a bit in the middle of what it found.
IOStatus spoil(std::optional<file_outcome> how, Slice& found, char* scratch) {
  if (!how)
    return IOStatus::OK();
  if (*how != file_outcome::is_flipped)
    return status_of(*how);
  if (found.empty())
    return IOStatus::OK();
  std::memmove(scratch, found.data(), found.size());
  scratch[found.size() / 2] ^= 0x10;
  found = {scratch, found.size()};
  return IOStatus::OK();
}

class read_file_at final : public rocksdb::FSRandomAccessFileOwnerWrapper {
public:
  read_file_at(std::unique_ptr<rocksdb::FSRandomAccessFile> file, file_kind kind, disk_rules& rules)
      : FSRandomAccessFileOwnerWrapper{std::move(file)}, kind_{kind}, rules_{rules} {}

  IOStatus Read(uint64_t offset, size_t bytes, const IOOptions& options, Slice* found,
                char* scratch, IODebugContext* debug) const override {
    auto status
        = FSRandomAccessFileOwnerWrapper::Read(offset, bytes, options, found, scratch, debug);
    return status.ok() ? spoil(rules_.meet(kind_, file_operation::read), *found, scratch) : status;
  }

private:
  file_kind kind_;
  disk_rules& rules_;
};

class read_file_through final : public rocksdb::FSSequentialFileOwnerWrapper {
public:
  read_file_through(std::unique_ptr<rocksdb::FSSequentialFile> file, file_kind kind,
                    disk_rules& rules)
      : FSSequentialFileOwnerWrapper{std::move(file)}, kind_{kind}, rules_{rules} {}

  IOStatus Read(size_t bytes, const IOOptions& options, Slice* found, char* scratch,
                IODebugContext* debug) override {
    auto status = FSSequentialFileOwnerWrapper::Read(bytes, options, found, scratch, debug);
    return status.ok() ? spoil(rules_.meet(kind_, file_operation::read), *found, scratch) : status;
  }

private:
  file_kind kind_;
  disk_rules& rules_;
};

class faulty_files final : public rocksdb::FileSystemWrapper {
public:
  explicit faulty_files(disk_rules& rules)
      : FileSystemWrapper{rocksdb::FileSystem::Default()}, rules_{rules} {}

  const char* Name() const override { return "faulty_files"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* debug) override {
    if (auto how = rules_.meet(kind_of(path), file_operation::create))
      return status_of(*how);
    rules_.note([&](synced_files& all) { all.create(path); });
    auto status = FileSystemWrapper::NewWritableFile(path, options, result, debug);
    if (status.ok())
      *result = std::make_unique<written_file>(std::move(*result), path, rules_);
    return status;
  }

  IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                               IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewRandomAccessFile(path, options, result, debug);
    if (status.ok())
      *result = std::make_unique<read_file_at>(std::move(*result), kind_of(path), rules_);
    return status;
  }

  IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                             std::unique_ptr<rocksdb::FSSequentialFile>* result,
                             IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewSequentialFile(path, options, result, debug);
    if (status.ok())
      *result = std::make_unique<read_file_through>(std::move(*result), kind_of(path), rules_);
    return status;
  }

  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result,
                        IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewDirectory(path, options, result, debug);
    if (status.ok() && std::filesystem::path{path} == rules_.folder())
      *result = std::make_unique<synced_folder>(std::move(*result), rules_);
    return status;
  }

  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    if (auto how = rules_.meet(kind_of(to), file_operation::rename))
      return status_of(*how);
    IOStatus status;
    rules_.note([&](synced_files& all) { // in one, since another thread may cut the power
      all.rename(from, to);
      status = FileSystemWrapper::RenameFile(from, to, options, debug);
    });
    return status;
  }

  IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                    IODebugContext* debug) override {
    IOStatus status;
    rules_.note([&](synced_files& all) {
      all.link(from, to);
      status = FileSystemWrapper::LinkFile(from, to, options, debug);
    });
    return status;
  }

  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override {
    IOStatus status;
    rules_.note([&](synced_files& all) {
      all.remove(path);
      status = FileSystemWrapper::DeleteFile(path, options, debug);
    });
    return status;
  }

private:
  disk_rules& rules_;
};

} // namespace

faulty_disk::faulty_disk(const std::filesystem::path& folder)
    : rules_{std::make_unique<disk_rules>(folder)},
      env_{rocksdb::NewCompositeEnv(std::make_shared<faulty_files>(*rules_))} {}

faulty_disk::~faulty_disk() = default;

rocksdb::Env& faulty_disk::files() const { return *env_; }

void faulty_disk::inject(const fault& what) { rules_->inject(what); }
void faulty_disk::leave_room_for(uint64_t bytes) { rules_->leave_room_for(bytes); }
bool faulty_disk::fired() const { return rules_->fired(); }
void faulty_disk::mend() { rules_->mend(); }

uint64_t faulty_disk::count(file_kind file, file_operation on) const {
  return rules_->count(file, on);
}

void faulty_disk::watch(std::function<void()> watcher) { rules_->watch(std::move(watcher)); }

void faulty_disk::cut_power(const std::filesystem::path& to, const survival& how) const {
  rules_->note([&](const synced_files& all) { all.copy_survivors(to, how); });
}

} // namespace skein::store::test
