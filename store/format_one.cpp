#include "store/format_one.hpp"

#include "store/chunk.hpp"
#include "store/keys.hpp"
#include "store/log_damage.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

using rocksdb::Slice;
using iterator = std::unique_ptr<rocksdb::Iterator>;

constexpr unsigned format_one = 1;

// `streams` goes before `events` does: while anything is left of format 1, `events` is.
enum old_family : size_t { old_streams = meta + 1, old_events };

/// How many records are copied at a time. Each time the whole index is gone through, for it is in
/// the order of the streams.
constexpr uint64_t window = 1'000'000;
constexpr size_t batch_bytes = 1 << 20;

std::vector<rocksdb::ColumnFamilyDescriptor> both_formats(const log_options& options) {
  auto families = log_families(options);
  families.emplace_back("streams", rocksdb::ColumnFamilyOptions{});
  families.emplace_back("events", rocksdb::ColumnFamilyOptions{});
  return families;
}

iterator over(const database& db, size_t family) {
  return iterator{db.rocks().NewIterator({}, db.family(family))};
}

expected<void> checked(const database& db, std::string_view cannot, const rocksdb::Status& status) {
  return status.ok() ? expected<void>{} : tl::unexpected{db.describe(cannot, status)};
}

struct old_append {
  uint64_t first_sequence;
  uint32_t count;
  uint64_t first_version;
  std::string stream;
};

std::optional<old_append> parse(std::string_view key, std::string_view value) {
  auto entry = keys::parse_stream_entry(key);
  auto first = keys::take_be64(value);
  auto count = keys::take_be32(value);
  if (!entry || !first || !count || !value.empty())
    return std::nullopt;
  return old_append{*first, *count, entry->first_version, std::string{entry->stream}};
}

class upgrade {
public:
  explicit upgrade(database& db) : db_{db}, records_{over(db, old_events)} {}

  expected<void> run() {
    return empty_chunks()
        .and_then([&] { return copy_all(); })
        .and_then([&] { return flush(chunks); })
        .and_then([&] { return change_format(); });
  }

private:
  /// What an upgrade that was interrupted had copied.
  expected<void> empty_chunks() {
    const auto past_all = std::string(9, '\xff');
    auto status = db_.rocks().DeleteRange({}, db_.family(chunks), "", past_all);
    return checked(db_, "cannot be upgraded", status).and_then([&] { return flush(chunks); });
  }

  expected<void> copy_all() {
    records_->SeekToFirst();
    chunk_.start(next_);
    while (records_->Valid()) {
      const auto before = next_;
      auto done = appends_from(next_).and_then([&](auto appends) { return copy(appends); });
      if (!done)
        return done;
      if (next_ == before)
        return missing_sequence(next_);
    }
    put_chunk();
    return checked(db_, "cannot be read", records_->status()).and_then([&] { return write(); });
  }

  expected<std::vector<old_append>> appends_from(uint64_t sequence) const {
    std::vector<old_append> found;
    auto at = over(db_, old_streams);
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      auto append = parse(at->key().ToStringView(), at->value().ToStringView());
      if (!append)
        return fail(fmt::format("the index entry {} cannot be read: the log is damaged; restore "
                                "it from a copy",
                                at->key().ToString(true)));
      if (append->first_sequence >= sequence && append->first_sequence < sequence + window)
        found.push_back(std::move(*append));
    }
    std::ranges::sort(found, {}, &old_append::first_sequence);
    return checked(db_, "cannot be read", at->status()).map([&] { return std::move(found); });
  }

  expected<void> copy(const std::vector<old_append>& appends) {
    for (auto& append : appends) {
      if (append.first_sequence != next_)
        return missing_sequence(next_);
      std::vector<std::string> records;
      for (uint32_t i = 0; i < append.count; ++i, records_->Next()) {
        if (!records_->Valid() || keys::whole_be64(records_->key().ToStringView()) != next_ + i)
          return missing_sequence(next_ + i);
        records.push_back(records_->value().ToString());
      }
      if (chunk_.full())
        put_chunk();
      chunk_.add(append.stream, append.first_version, records);
      next_ += append.count;
      if (writes_.GetDataSize() >= batch_bytes)
        if (auto done = write(); !done)
          return done;
    }
    return {};
  }

  void put_chunk() {
    const auto key = keys::sequence(chunk_.first_sequence());
    if (chunk_.count() > 0)
      writes_.Put(db_.family(chunks), {key.data(), key.size()}, Slice{chunk_.seal()})
          .PermitUncheckedError();
    chunk_.start(next_);
  }

  expected<void> write() {
    rocksdb::WriteOptions unlogged; // all of it goes to table files before it counts
    unlogged.disableWAL = true;
    auto status = db_.rocks().Write(unlogged, &writes_);
    writes_.Clear();
    return checked(db_, "cannot be upgraded", status);
  }

  expected<void> flush(log_family family) {
    return checked(db_, "cannot be upgraded", db_.rocks().Flush({}, db_.family(family)));
  }

  expected<void> change_format() {
    rocksdb::WriteOptions synced;
    synced.sync = true;
    const auto format = fmt::format("{} {}", log_format, log_format_version);
    auto status = db_.rocks().Put(synced, db_.family(meta), Slice{keys::format}, format);
    return checked(db_, "cannot be upgraded", status).and_then([&] { return flush(meta); });
  }

  database& db_;
  iterator records_;
  uint64_t next_ = 1;
  chunk_builder chunk_;
  rocksdb::WriteBatch writes_;
};

expected<bool> is_upgraded(database& db) {
  std::string found;
  auto status = db.rocks().Get({}, db.family(meta), Slice{keys::format}, &found);
  if (status.ok() && found == fmt::format("{} {}", log_format, log_format_version))
    return true;
  return db.claim_format(meta, log_format, format_one).map([] { return false; });
}

expected<void> drop(database& db, size_t family) {
  return checked(db, "cannot be upgraded", db.rocks().DropColumnFamily(db.family(family)));
}

} // namespace

bool holds_format_one(const std::filesystem::path& folder) {
  return std::ranges::count(database::family_names(folder), "events") > 0;
}

tl::expected<uint64_t, open_error> last_sequence_of_format_one(open_request request) {
  request.access = access::inspect;
  std::vector<rocksdb::ColumnFamilyDescriptor> all;
  for (auto& name : database::family_names(request.path))
    all.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  auto db = database::open(request, {}, all);
  if (!db)
    return tl::unexpected{db.error()};
  const auto events = std::ranges::find(all, "events", &rocksdb::ColumnFamilyDescriptor::name);
  auto at = over(**db, static_cast<size_t>(events - all.begin()));
  at->SeekToLast();
  if (!at->status().ok())
    return tl::unexpected{
        open_error{at->status().IsCorruption(),
                   (*db)->describe("cannot read its last record", at->status()).what}};
  return at->Valid() ? keys::whole_be64(at->key().ToStringView()).value_or(0) : 0;
}

expected<void> upgrade_format_one(const open_request& request, const log_options& options) {
  auto adding = request;
  adding.add_families = true;
  auto opened = database::open(adding, {}, both_formats(options));
  if (!opened)
    return fail(opened.error().what);
  auto& db = **opened;
  return is_upgraded(db)
      .and_then([&](bool yes) { return yes ? expected<void>{} : upgrade{db}.run(); })
      .and_then([&] { return drop(db, old_streams); })
      .and_then([&] { return drop(db, old_events); });
}

} // namespace skein::store
