#include "store/log_reads.hpp"

#include "store/keys.hpp"
#include "store/log_damage.hpp"
#include "store/varint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

using rocksdb::Slice;
using iterator = std::unique_ptr<rocksdb::Iterator>;

iterator over_chunks(const database& db) {
  return iterator{db.rocks().NewIterator({}, db.family(chunks))};
}

Slice slice(const std::array<char, 8>& key) { return {key.data(), key.size()}; }

/// A range of records to be visited, and how far the visit has come.
struct visit_range {
  uint64_t next;
  uint64_t limit;
  const record_visitor& visit;

  /// False: the visitor or the limit ends it.
  bool take(uint64_t first_sequence, chunk_append append) {
    for (uint64_t i = 0; i < append.count; ++i) {
      auto record = take_text(append.records);
      if (!record)
        return true; // the next chunk will not follow: see read()
      if (first_sequence + i < next)
        continue;
      if (limit == 0 || !visit({next, *record}))
        return false;
      ++next;
      --limit;
    }
    return true;
  }
};

} // namespace

expected<std::unique_ptr<log_reads>> log_reads::over(std::unique_ptr<database> db) {
  std::unique_ptr<log_reads> reads{new log_reads{std::move(db)}};
  return reads->db->claim_format(meta, log_format, log_format_version)
      .and_then([&] { return reads->find_log_id(); })
      .and_then([&] { return reads->find_last_sequence(); })
      .map([&] { return std::move(reads); });
}

expected<void> log_reads::find_log_id() {
  auto status = db->rocks().Get({}, db->family(meta), Slice{keys::log_id}, &log_id);
  if (!status.ok())
    return tl::unexpected{db->describe("cannot read its id", status)};
  return {};
}

expected<void> log_reads::find_last_sequence() {
  auto at = over_chunks(*db);
  at->SeekToLast();
  if (!at->status().ok())
    return tl::unexpected{db->describe("cannot read its last record", at->status())};
  if (!at->Valid()) {
    last_sequence = 0;
    return {};
  }
  return open_chunk(*at).map([&](chunk_reader chunk) {
    while (chunk.next()) {
    }
    last_sequence = chunk.sequence() - 1;
  });
}

expected<uint64_t> log_reads::read(uint64_t from_sequence, uint64_t limit,
                                   const record_visitor& visit) const {
  visit_range range{std::max<uint64_t>(from_sequence, 1), limit, visit};
  auto at = over_chunks(*db);
  at->SeekForPrev(slice(keys::sequence(range.next)));
  if (!at->Valid() && at->status().ok())
    at->SeekToFirst();
  for (; range.limit > 0 && at->Valid(); at->Next()) {
    auto chunk = open_chunk(*at);
    if (!chunk)
      return tl::unexpected{chunk.error()};
    auto first = chunk->sequence();
    if (first > range.next)
      return missing_sequence(range.next);
    for (; auto append = chunk->next(); first = chunk->sequence())
      if (!range.take(first, *append))
        return range.next;
    if (!chunk->at_end())
      return damaged_chunk(chunk->sequence());
  }
  if (!at->status().ok())
    return tl::unexpected{
        db->describe(fmt::format("cannot read sequence {}", range.next), at->status())};
  return range.next;
}

expected<uint64_t> log_reads::indexed_up_to() const {
  std::string value;
  auto status = db->rocks().Get({}, db->family(index), Slice{keys::indexed}, &value);
  if (status.IsNotFound())
    return 0;
  if (!status.ok())
    return tl::unexpected{db->describe("cannot read how far its index reaches", status)};
  return keys::whole_be64(value).value_or(0);
}

expected<void> log_reads::gather(uint64_t from_sequence,
                                 const std::function<expected<void>()>& taken) {
  auto next = from_sequence;
  auto at = over_chunks(*db);
  for (at->Seek(slice(keys::sequence(next))); at->Valid(); at->Next()) {
    auto chunk = open_chunk(*at);
    if (!chunk)
      return tl::unexpected{chunk.error()};
    const auto first = chunk->sequence();
    if (first != next)
      return missing_sequence(next);
    for (; auto append = chunk->next(); next = chunk->sequence())
      recent.add(append->stream, append->first_version,
                 {first, static_cast<uint32_t>(next - first), append->count});
    if (!chunk->at_end())
      return damaged_chunk(next);
    if (auto done = taken(); !done)
      return done;
  }
  if (!at->status().ok())
    return tl::unexpected{db->describe(fmt::format("cannot read sequence {}", next), at->status())};
  return {};
}

expected<std::optional<store::snapshot>> log_reads::snapshot(std::string_view stream) const {
  rocksdb::PinnableSlice value;
  auto status = db->rocks().Get({}, db->family(snapshots), Slice{stream}, &value);
  if (status.IsNotFound())
    return std::nullopt;
  if (!status.ok())
    return tl::unexpected{
        db->describe(fmt::format("cannot read the snapshot of stream {}", stream), status)};
  auto rest = value.ToStringView();
  auto schema = keys::take_be32(rest);
  auto covered = keys::take_be64(rest);
  if (!schema || !covered)
    return std::nullopt;
  return stream_version(stream).map([&](uint64_t version) {
    return *covered <= version
               ? std::optional{store::snapshot{*schema, *covered, std::string{rest}}}
               : std::nullopt;
  });
}

expected<uint64_t> log_reads::cursor(std::string_view name) const {
  std::string value;
  const auto key = fmt::format("{}{}", keys::cursor_prefix, name);
  auto status = db->rocks().Get({}, db->family(meta), key, &value);
  if (status.IsNotFound())
    return 0;
  if (!status.ok())
    return tl::unexpected{db->describe(fmt::format("cannot read the cursor {}", name), status)};
  return std::min<uint64_t>(keys::whole_be64(value).value_or(0), last_sequence);
}

} // namespace skein::store
