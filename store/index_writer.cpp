#include "store/index_writer.hpp"

#include "store/index_table.hpp"
#include "store/keys.hpp"
#include "store/log_layout.hpp"
#include "store/names.hpp"

#include <algorithm>
#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>

namespace skein::store {

namespace {

using generation = recent_appends::generation;
using entry = recent_appends::runs_by_stream::value_type;

std::vector<const entry*> sorted(const generation& g) {
  std::vector<const entry*> runs;
  runs.reserve(g.runs.size());
  for (auto& one : g.runs)
    runs.push_back(&one);
  std::ranges::sort(runs, {}, [](auto* one) -> const std::string& { return one->first; });
  return runs;
}

rocksdb::Status write_table(const database& db, const std::string& file, const generation& g) {
  rocksdb::SstFileWriter table{rocksdb::EnvOptions{}, db.rocks().GetOptions(db.family(index)),
                               db.family(index), /*invalidate_page_cache=*/false};
  std::string reached;
  keys::put_be64(reached, g.reached);
  auto status = table.Open(file);
  if (status.ok())
    status = table.Put(rocksdb::Slice{keys::indexed}, reached);
  for (auto* one : sorted(g)) {
    if (!status.ok())
      return status;
    auto& [stream, run] = *one;
    status = table.Put(keys::stream_entry(stream, run.first_version()), run.encode());
  }
  return status.ok() ? table.Finish() : status;
}

} // namespace

/// What an earlier writer left is either in place by now or never was. It must not be written over,
/// for RocksDB may know the same file by another name.
index_writer::index_writer(const database& db, const std::filesystem::path& folder)
    : db_{db}, file_{index_table_file(folder)} {
  remove_file();
}

index_writer::~index_writer() { wait(); }

expected<void> index_writer::begin(recent_appends& recent) {
  return wait().map([&] {
    under_way_ = std::async(std::launch::async,
                            [this, frozen = recent.freeze()] { return write(*frozen); });
  });
}

expected<void> index_writer::wait() {
  return under_way_.valid() ? under_way_.get() : expected<void>{};
}

expected<void> index_writer::write(const generation& g) const {
  auto status = write_table(db_, file_, g);
  if (!status.ok()) {
    remove_file();
    return tl::unexpected{db_.describe("cannot write its index of streams", status)};
  }
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.write_global_seqno = false;
  status = db_.rocks().IngestExternalFile(db_.family(index), {file_}, options);
  if (!status.ok()) // and the table is kept: see index_table.hpp
    return tl::unexpected{db_.describe("cannot add to its index of streams", status)};
  remove_file();
  return {};
}

void index_writer::remove_file() const {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

expected<void> index_writer::forget_all() {
  // Greater than every stream, for a byte of 0xff alone would be no end.
  const std::string past_all(name_bytes_max + 1, '\xff');
  auto status = db_.rocks().DeleteRange({}, db_.family(index), "", past_all);
  if (status.ok())
    status = db_.rocks().Flush({}, db_.family(index));
  if (!status.ok())
    return tl::unexpected{db_.describe("cannot empty its index of streams", status)};
  return {};
}

} // namespace skein::store
