#include "store/acknowledged_mark.hpp"
#include "store/append_rules.hpp"
#include "store/chunk.hpp"
#include "store/format_one.hpp"
#include "store/index_table.hpp"
#include "store/index_writer.hpp"
#include "store/keys.hpp"
#include "store/log_copy.hpp"
#include "store/log_files.hpp"
#include "store/log_reads.hpp"
#include "store/log_survey.hpp"
#include "store/names.hpp"
#include "store/wal_size.hpp"

#include <fmt/format.h>
#include <mutex>
#include <random>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

using rocksdb::Slice;

class rocksdb_log final : public reading<event_log> {
public:
  rocksdb_log(std::unique_ptr<log_reads> reads, const open_request& request,
              const log_options& options, std::string warning)
      : reading{std::move(reads)},
        wal_{request.path},
        mark_{request.path},
        index_{*reads_->db, request.path},
        unindexed_max_{options.cached_versions_max},
        warning_{std::move(warning)} {
    mark_acknowledged();
  }

  ~rocksdb_log() override;

  /// Has `recent` hold what `index` does not.
  expected<void> catch_up();

  std::vector<append_result> commit(std::span<const append> batch) override;
  expected<void> put_snapshot(std::string_view stream, const store::snapshot&) override;
  expected<void> put_cursor(std::string_view name, uint64_t sequence) override;
  const std::string& warning() const override { return warning_; }

private:
  append_result stage(const append&, uint64_t first_sequence);
  void put_chunk();
  expected<uint64_t> version_of(const std::string& stream) const;
  expected<void> write(rocksdb::WriteBatch&, bool synced, std::string_view cannot);
  expected<void> put(log_family, const Slice& key, const Slice& value, std::string_view cannot);
  void poison_with(const failure& why);
  std::string poison() const;
  expected<void> index_recent(size_t at_most_left);
  void mark_acknowledged();
  rocksdb::ColumnFamilyHandle* family(log_family f) const { return reads_->db->family(f); }
  rocksdb::DB& rocks() const { return reads_->db->rocks(); }

  wal_size wal_;
  acknowledged_mark mark_;
  index_writer index_;
  size_t unindexed_max_;
  chunk_builder chunk_;
  rocksdb::WriteBatch writes_; // kept for its memory
  std::string warning_;
  mutable std::mutex writing_;
  std::string poison_; // why a write failed; empty while all is well
};

/// An index without gaps and an empty write-ahead log make the next opening a matter of
/// milliseconds.
rocksdb_log::~rocksdb_log() {
  if (!poison().empty() || !index_recent(0) || !index_.wait())
    return;
  std::vector<rocksdb::ColumnFamilyHandle*> all;
  for (auto f : {chunks, log_family::index, log_family::snapshots, meta})
    all.push_back(family(f));
  rocks().Flush({}, all).PermitUncheckedError(); // what it leaves out stands in that log
}

expected<void> rocksdb_log::catch_up() {
  auto indexed = reads_->indexed_up_to();
  if (!indexed)
    return tl::unexpected{indexed.error()};
  // A log that lost its end: the index leads to records that are not there.
  if (*indexed > last_sequence()) {
    if (auto done = index_.forget_all(); !done)
      return done;
    *indexed = 0;
  }
  return reads_->gather(*indexed + 1, [&] { return index_recent(unindexed_max_); });
}

std::vector<append_result> rocksdb_log::commit(std::span<const append> batch) {
  if (auto why = poison(); !why.empty())
    return {batch.size(), tl::unexpected{log_failed(why)}};
  std::vector<append_result> answers;
  answers.reserve(batch.size());
  writes_.Clear();
  auto next = last_sequence() + 1;
  chunk_.start(next);
  for (auto& a : batch) {
    answers.push_back(stage(a, next));
    if (answers.back())
      next += a.records.size();
  }
  put_chunk();
  if (writes_.Count() == 0)
    return answers;
  if (!write(writes_, true, "cannot commit")) {
    // Conflicts too: one may be with an append of this very batch.
    for (auto& answer : answers)
      if (answer || answer.error().fault == append_fault::conflict)
        answer = tl::unexpected{log_failed(poison())};
    return answers;
  }
  reads_->last_sequence = next - 1;
  mark_acknowledged();
  if (auto indexed = index_recent(unindexed_max_); !indexed)
    poison_with(indexed.error());
  return answers;
}

append_result rocksdb_log::stage(const append& a, uint64_t first_sequence) {
  if (auto error = check_shape(a))
    return tl::unexpected{*error};
  auto found = version_of(a.stream);
  if (!found)
    return tl::unexpected{append_error{append_fault::log_failed, found.error().what}};
  if (auto error = check_version(a, *found))
    return tl::unexpected{*error};
  if (chunk_.full()) {
    put_chunk();
    chunk_.start(first_sequence);
  }
  const auto count = static_cast<uint32_t>(a.records.size());
  reads_->recent.add(a.stream, *found + 1, {chunk_.first_sequence(), chunk_.count(), count});
  chunk_.add(a.stream, *found + 1, a.records);
  return appended{first_sequence, *found + count};
}

void rocksdb_log::put_chunk() {
  if (chunk_.count() == 0)
    return;
  const auto key = keys::sequence(chunk_.first_sequence());
  writes_.Put(family(chunks), {key.data(), key.size()}, Slice{chunk_.seal()})
      .PermitUncheckedError();
}

expected<uint64_t> rocksdb_log::version_of(const std::string& stream) const {
  if (auto known = reads_->recent.version(stream))
    return *known;
  return stream_version(stream);
}

/// Sends what was added lately on its way to the index, if it is more than `at_most_left`.
expected<void> rocksdb_log::index_recent(size_t at_most_left) {
  auto& recent = reads_->recent;
  return recent.young() > at_most_left ? index_.begin(recent) : expected<void>{};
}

std::string rocksdb_log::poison() const {
  std::lock_guard lock{writing_};
  return poison_;
}

void rocksdb_log::poison_with(const failure& why) {
  std::lock_guard lock{writing_};
  poison_ = why.what;
}

/// The one place that writes. After a failure, even of what need not be synced, RocksDB must not be
/// asked to write again: its write-ahead log may end in half a record, and where a full disk may
/// have room again it tries once more and trips over its own assertion, which ends the process.
/// Also, `recent` already holds what is being committed: poison_ keeps it from being asked.
expected<void> rocksdb_log::write(rocksdb::WriteBatch& writes, bool synced,
                                  std::string_view cannot) {
  std::lock_guard lock{writing_};
  if (!poison_.empty())
    return fail(log_failed(poison_).what);
  rocksdb::WriteOptions options;
  options.sync = synced;
  auto status = rocks().Write(options, &writes);
  if (status.ok())
    return {};
  poison_ = reads_->db->describe(cannot, status).what;
  return fail(poison_);
}

expected<void> rocksdb_log::put(log_family f, const Slice& key, const Slice& value,
                                std::string_view cannot) {
  rocksdb::WriteBatch one;
  one.Put(family(f), key, value).PermitUncheckedError();
  return write(one, false, cannot);
}

void rocksdb_log::mark_acknowledged() {
  if (!wal_.grown()) {
    std::unique_ptr<rocksdb::LogFile> current;
    if (rocks().GetCurrentWalFile(&current).ok() && current)
      wal_.look_at(current->LogNumber());
  }
  mark_.write({last_sequence(), wal_.number(), wal_.bytes()});
}

expected<void> rocksdb_log::put_snapshot(std::string_view stream, const store::snapshot& s) {
  if (auto name = check_name("stream", stream); !name)
    return name;
  std::string value;
  keys::put_be32(value, s.schema_version);
  keys::put_be64(value, s.stream_version);
  value += s.bytes;
  return put(snapshots, Slice{stream}, value,
             fmt::format("cannot write the snapshot of stream {}", stream));
}

expected<void> rocksdb_log::put_cursor(std::string_view name, uint64_t sequence) {
  if (auto checked = check_name("cursor", name); !checked)
    return checked;
  std::string value;
  keys::put_be64(value, sequence);
  return put(meta, fmt::format("{}{}", keys::cursor_prefix, name), value,
             fmt::format("cannot write the cursor {}", name));
}

std::string draw_id() {
  std::random_device entropy;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", entropy(), entropy(), entropy(), entropy());
}

/// A log with a format entry always has an id, because the id is written first.
expected<void> ensure_log_id(database& db, const std::string& wanted) {
  std::string found;
  auto status = db.rocks().Get({}, db.family(meta), Slice{keys::log_id}, &found);
  if (status.IsNotFound())
    status = db.rocks().Put({}, db.family(meta), Slice{keys::log_id},
                            wanted.empty() ? draw_id() : wanted);
  if (!status.ok())
    return tl::unexpected{db.describe("cannot write its id", status)};
  return {};
}

open_request writing(const std::filesystem::path& path, const log_options& options) {
  return {path, log_noun, access::write, options.damage == on_damage::cut};
}

expected<std::unique_ptr<event_log>>
open_with_id(const open_request& request, const log_options& options, const std::string& new_id) {
  if (auto whole = give_back_index_table(request, options); !whole)
    return tl::unexpected{whole.error()};
  auto survey = survey_log(request, options);
  if (!survey)
    return tl::unexpected{survey.error()};
  if (holds_format_one(request.path))
    if (auto upgraded = upgrade_format_one(request, options); !upgraded)
      return tl::unexpected{upgraded.error()};
  auto db = open_log_database(request, options);
  if (!db)
    return fail(db.error().what);
  if (auto id = ensure_log_id(**db, new_id); !id)
    return tl::unexpected{id.error()};
  auto reads = log_reads::over(std::move(*db));
  if (!reads)
    return tl::unexpected{reads.error()};
  auto log = std::make_unique<rocksdb_log>(std::move(*reads), request, options,
                                           std::move(survey->warning));
  return log->catch_up().map([&]() -> std::unique_ptr<event_log> { return std::move(log); });
}

} // namespace

expected<std::unique_ptr<event_log>> open_log(const std::filesystem::path& path,
                                              const log_options& options) {
  return open_with_id(writing(path, options), options, {});
}

expected<std::unique_ptr<event_log>> open_log_copy(const std::filesystem::path& path,
                                                   const std::string& log_id) {
  return open_with_id(writing(path, {}), {}, log_id);
}

expected<std::unique_ptr<event_log>> open_log_through(rocksdb::Env& files,
                                                      const std::filesystem::path& path,
                                                      const log_options& options) {
  auto request = writing(path, options);
  request.files = &files;
  return open_with_id(request, options, {});
}

} // namespace skein::store
