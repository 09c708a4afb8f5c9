#include "store/log_reads.hpp"

#include "store/keys.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rocksdb/db.h>

namespace skein::store {

namespace {

using rocksdb::Slice;
using iterator = std::unique_ptr<rocksdb::Iterator>;

Slice slice(const std::array<char, 8>& key) { return {key.data(), key.size()}; }

iterator open_iterator(const database& db, log_family family, const rocksdb::ReadOptions& options) {
  return iterator{db.rocks().NewIterator(options, db.family(family))};
}

rocksdb::ReadOptions within_one_stream() {
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true; // lets the filters answer for streams that are not there
  return options;
}

tl::unexpected<failure> unreadable_entry(std::string_view stream, const Slice& key) {
  return fail(fmt::format("the index entry {} of stream {} does not follow from the one before: "
                          "the log is damaged; restore it from a copy",
                          key.ToString(true), stream));
}

tl::unexpected<failure> missing(uint64_t sequence) {
  return fail(fmt::format("sequence {} is missing from the event log: the log is damaged; restore "
                          "it from a copy",
                          sequence));
}

/// Moves `at` to the record of that sequence.
expected<void> seek(const database& db, rocksdb::Iterator& at, uint64_t sequence) {
  auto key = keys::event(sequence);
  if (!at.Valid() || at.key() != slice(key))
    at.Seek(slice(key));
  if (at.Valid() && at.key() == slice(key))
    return {};
  if (!at.status().ok())
    return tl::unexpected{
        db.describe(fmt::format("cannot read sequence {}", sequence), at.status())};
  return missing(sequence);
}

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
  auto at = open_iterator(*db, events, {});
  at->SeekToLast();
  if (!at->status().ok())
    return tl::unexpected{db->describe("cannot read its last record", at->status())};
  if (!at->Valid()) {
    last_sequence = 0;
    return {};
  }
  auto sequence = keys::whole_be64(at->key().ToStringView());
  if (!sequence)
    return fail(fmt::format("the event log ends with the key {}, which is no sequence: the log is "
                            "damaged; restore it from a copy",
                            at->key().ToString(true)));
  last_sequence = *sequence;
  return {};
}

expected<uint64_t> log_reads::read(uint64_t from_sequence, uint64_t limit,
                                   const record_visitor& visit) const {
  auto next = std::max<uint64_t>(from_sequence, 1);
  auto at = open_iterator(*db, events, {});
  for (at->Seek(slice(keys::event(next))); limit > 0 && at->Valid(); at->Next(), --limit) {
    auto found = keys::whole_be64(at->key().ToStringView());
    if (found != next)
      return missing(next);
    if (!visit({next, at->value().ToStringView()}))
      return next;
    ++next;
  }
  if (!at->status().ok())
    return tl::unexpected{db->describe(fmt::format("cannot read sequence {}", next), at->status())};
  return next;
}

expected<uint64_t> log_reads::read_stream(std::string_view stream, uint64_t from_version,
                                          const stream_record_visitor& visit) const {
  const auto from = std::max<uint64_t>(from_version, 1);
  auto index = open_iterator(*db, log_family::streams, within_one_stream());
  auto record = open_iterator(*db, events, {});
  // The append that holds `from` starts at or before it.
  index->SeekForPrev(keys::stream_entry(stream, from));
  std::optional<uint64_t> next;
  for (; index->Valid(); index->Next()) {
    auto key = keys::parse_stream_entry(index->key().ToStringView());
    auto entry = keys::parse_entry(index->value().ToStringView());
    if (!key || !entry || (next && key->first_version != *next))
      return unreadable_entry(stream, index->key());
    next = key->first_version;
    for (uint64_t i = 0; i < entry->count; ++i, ++*next) {
      if (*next < from)
        continue;
      const auto sequence = entry->first_sequence + i;
      if (auto found = seek(*db, *record, sequence); !found)
        return tl::unexpected{found.error()};
      if (!visit(*next, {sequence, record->value().ToStringView()}))
        return *next;
      record->Next();
    }
  }
  if (!index->status().ok())
    return tl::unexpected{
        db->describe(fmt::format("cannot read the index of stream {}", stream), index->status())};
  return std::max(next.value_or(from), from);
}

expected<uint64_t> log_reads::stream_version(std::string_view stream) const {
  auto at = open_iterator(*db, log_family::streams, within_one_stream());
  at->SeekForPrev(keys::stream_entry(stream, UINT64_MAX));
  if (!at->status().ok())
    return tl::unexpected{
        db->describe(fmt::format("cannot read the index of stream {}", stream), at->status())};
  if (!at->Valid())
    return 0;
  auto key = keys::parse_stream_entry(at->key().ToStringView());
  auto entry = keys::parse_entry(at->value().ToStringView());
  if (!key || !entry)
    return unreadable_entry(stream, at->key());
  return key->first_version + entry->count - 1;
}

expected<void> log_reads::streams(std::string_view prefix, std::string_view after,
                                  const stream_visitor& visit) const {
  rocksdb::ReadOptions over_all_streams;
  over_all_streams.total_order_seek = true;
  auto at = open_iterator(*db, log_family::streams, over_all_streams);
  const auto past_after = std::string{after} + '\x01'; // no entry lies between: ids hold no NUL
  std::string id;
  stream_info current{};
  at->Seek(after < prefix || after.empty() ? Slice{prefix} : Slice{past_after});
  for (; at->Valid() && at->key().starts_with(prefix); at->Next()) {
    auto key = keys::parse_stream_entry(at->key().ToStringView());
    auto entry = keys::parse_entry(at->value().ToStringView());
    if (!key || !entry)
      return unreadable_entry(id, at->key());
    if (key->stream != id) {
      if (!id.empty() && !visit(current))
        return {};
      id = key->stream;
    }
    current = {id, key->first_version + entry->count - 1, entry->first_sequence + entry->count - 1};
  }
  if (!at->status().ok())
    return tl::unexpected{db->describe("cannot read the index of streams", at->status())};
  if (!id.empty())
    visit(current);
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
