#include "store/stream_walk.hpp"

#include "store/keys.hpp"
#include "store/log_damage.hpp"
#include "store/log_layout.hpp"
#include "store/varint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

using rocksdb::Slice;

/// How many appends are read in one round trip to RocksDB: a whole ordinary migration.
constexpr size_t at_once = 32;

/// The values of chunks, all read together.
class chunk_batch {
public:
  /// In ascending order.
  void want(uint64_t chunk) {
    if (sequences_.empty() || sequences_.back() != chunk)
      sequences_.push_back(chunk);
  }

  void read(const database& db) {
    const auto count = sequences_.size();
    std::vector<std::array<char, 8>> bytes(count);
    std::ranges::transform(sequences_, bytes.begin(), keys::sequence);
    std::vector<Slice> sought;
    for (auto& key : bytes)
      sought.emplace_back(key.data(), key.size());
    values_ = std::vector<rocksdb::PinnableSlice>(count);
    statuses_.resize(count);
    constexpr bool ascending = true;
    db.rocks().MultiGet({}, db.family(chunks), count, sought.data(), values_.data(),
                        statuses_.data(), ascending);
  }

  expected<chunk_reader> open(const database& db, uint64_t chunk) const {
    const auto i = std::ranges::lower_bound(sequences_, chunk) - sequences_.begin();
    if (statuses_[i].IsNotFound())
      return missing_sequence(chunk);
    if (!statuses_[i].ok())
      return tl::unexpected{
          db.describe(fmt::format("cannot read sequence {}", chunk), statuses_[i])};
    return open_chunk(chunk, values_[i].ToStringView());
  }

private:
  std::vector<uint64_t> sequences_;
  std::vector<rocksdb::PinnableSlice> values_;
  std::vector<rocksdb::Status> statuses_;
};

} // namespace

stream_walk::stream_walk(const database& db, std::string_view stream, uint64_t from,
                         uint64_t committed, const stream_record_visitor& visit)
    : db_{db}, stream_{stream}, committed_{committed}, visit_{visit}, next_{from}, planned_{from} {}

expected<void> stream_walk::take(const index_run& run) {
  expected<void> done;
  const bool whole = run.places([&](uint64_t version, const place& where) {
    if (where.end() - 1 > committed_ || stopped_)
      return false;
    if (version + where.count > planned_)
      done = plan({version, where});
    return done.has_value();
  });
  return whole ? done : damaged_index(stream_, planned_);
}

expected<void> stream_walk::plan(const planned& next) {
  if (next.version > planned_)
    return damaged_index(stream_, planned_);
  planned_ = next.version + next.where.count;
  waiting_.push_back(next);
  return waiting_.size() < at_once ? expected<void>{} : read_waiting();
}

expected<uint64_t> stream_walk::finish() {
  return read_waiting().map([&] { return next_; });
}

expected<void> stream_walk::read_waiting() {
  if (stopped_ || waiting_.empty())
    return {};
  chunk_batch batch;
  for (auto& wanted : waiting_)
    batch.want(wanted.where.chunk);
  batch.read(db_);
  for (auto& wanted : waiting_) {
    auto chunk = batch.open(db_, wanted.where.chunk);
    if (!chunk)
      return tl::unexpected{chunk.error()};
    if (auto done = visit(wanted, *chunk); !done || stopped_)
      return done;
  }
  waiting_.clear();
  return {};
}

expected<void> stream_walk::visit(const planned& wanted, chunk_reader chunk) {
  auto sequence = wanted.where.first_sequence();
  while (chunk.sequence() < sequence && chunk.next()) {
  }
  auto found = chunk.sequence() == sequence ? chunk.next() : std::nullopt;
  if (!found || found->stream != stream_ || found->first_version != wanted.version
      || found->count != wanted.where.count)
    return damaged_index(stream_, wanted.version);
  for (auto version = wanted.version; version < wanted.version + found->count;
       ++version, ++sequence) {
    auto record = take_text(found->records);
    if (!record)
      return damaged_chunk(wanted.where.chunk);
    if (version < next_)
      continue;
    stopped_ = !visit_(version, {sequence, *record});
    if (stopped_)
      return {};
    ++next_;
  }
  return {};
}

} // namespace skein::store
