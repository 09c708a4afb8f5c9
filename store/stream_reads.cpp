#include "store/keys.hpp"
#include "store/log_reads.hpp"
#include "store/stream_walk.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <rocksdb/db.h>

// The part of log_reads that goes by stream: through `index`, and through `recent` for what is not
// there yet. Three things are looked at in this order everywhere: the last sequence, `recent`,
// `index`. So whatever leaves `recent` meanwhile is found in `index`, and whatever is added after
// the first look is passed over by its sequence.

namespace skein::store {

namespace {

using rocksdb::Slice;
using iterator = std::unique_ptr<rocksdb::Iterator>;

iterator over_one_stream(const database& db) {
  rocksdb::ReadOptions options;
  options.prefix_same_as_start = true; // lets the filters answer for streams that are not there
  return iterator{db.rocks().NewIterator(options, db.family(index))};
}

iterator over_all_streams(const database& db) {
  rocksdb::ReadOptions options;
  options.total_order_seek = true;
  return iterator{db.rocks().NewIterator(options, db.family(index))};
}

failure unreadable_index(const database& db, std::string_view stream, const rocksdb::Status& why) {
  return db.describe(fmt::format("cannot read the index of stream {}", stream), why);
}

struct indexed_run {
  std::string_view stream;
  index_run run;
};

expected<indexed_run> run_at(const rocksdb::Iterator& at) {
  auto key = keys::parse_stream_entry(at.key().ToStringView());
  auto run = key ? index_run::parse(key->first_version, at.value().ToStringView()) : std::nullopt;
  if (!run)
    return fail(fmt::format("the index entry {} cannot be read: the log is damaged; restore it "
                            "from a copy",
                            at.key().ToString(true)));
  return indexed_run{key->stream, std::move(*run)};
}

/// Where a run ends within the first `committed` sequences; nothing if it begins after them.
struct run_end {
  uint64_t version = 0;
  uint64_t sequence = 0;
};
std::optional<run_end> end_of(const index_run& run, uint64_t committed) {
  if (run.last_sequence() <= committed)
    return run_end{run.last_version(), run.last_sequence()};
  std::optional<run_end> end;
  run.places([&](uint64_t version, const place& where) {
    if (where.end() - 1 > committed)
      return false;
    end = {version + where.count - 1, where.end() - 1};
    return true;
  });
  return end;
}

/// Tells a visitor of streams whose runs come in order of the streams' ids.
class stream_listing {
public:
  stream_listing(uint64_t committed, const stream_visitor& visit)
      : committed_{committed}, visit_{visit} {}

  void see(std::string_view stream, const index_run& run) {
    if (stream != id_) {
      tell();
      id_ = stream;
    }
    if (auto end = end_of(run, committed_))
      end_ = *end;
  }

  /// Of the stream seen last; to be called at the end.
  void tell() {
    if (!stopped_ && end_.version > 0)
      stopped_ = !visit_({id_, end_.version, end_.sequence});
    end_ = {};
  }

  bool stopped() const { return stopped_; }

private:
  uint64_t committed_;
  const stream_visitor& visit_;
  std::string id_;
  run_end end_{};
  bool stopped_ = false;
};

} // namespace

expected<uint64_t> log_reads::read_stream(std::string_view stream, uint64_t from_version,
                                          const stream_record_visitor& visit) const {
  const auto from = std::max<uint64_t>(from_version, 1);
  const uint64_t committed = last_sequence;
  const auto newest = recent.runs(stream);
  stream_walk walk{*db, stream, from, committed, visit};
  if (newest.empty() || newest.front().first_version() > from) {
    auto at = over_one_stream(*db);
    // The run that holds `from` starts at or before it.
    for (at->SeekForPrev(keys::stream_entry(stream, from)); at->Valid() && !walk.stopped();
         at->Next()) {
      auto done
          = run_at(*at).and_then([&](const indexed_run& found) { return walk.take(found.run); });
      if (!done)
        return tl::unexpected{done.error()};
    }
    if (!at->status().ok())
      return tl::unexpected{unreadable_index(*db, stream, at->status())};
  }
  for (auto& run : newest)
    if (auto done = walk.take(run); !done)
      return tl::unexpected{done.error()};
  return walk.finish();
}

expected<uint64_t> log_reads::stream_version(std::string_view stream) const {
  const uint64_t committed = last_sequence;
  auto newest = recent.runs(stream);
  for (auto run = newest.rbegin(); run != newest.rend(); ++run)
    if (auto end = end_of(*run, committed))
      return end->version;
  return indexed_version(stream, committed);
}

expected<uint64_t> log_reads::indexed_version(std::string_view stream, uint64_t committed) const {
  // Every stream has a run that begins with version 1. For one that is new, which is what most
  // appends to unknown streams are about, the filters answer this without a read.
  rocksdb::PinnableSlice first;
  auto status = db->rocks().Get({}, db->family(index), keys::stream_entry(stream, 1), &first);
  if (status.IsNotFound())
    return 0;
  if (!status.ok())
    return tl::unexpected{unreadable_index(*db, stream, status)};
  auto at = over_one_stream(*db);
  for (at->SeekForPrev(keys::stream_entry(stream, UINT64_MAX)); at->Valid(); at->Prev()) {
    auto found = run_at(*at);
    if (!found)
      return tl::unexpected{found.error()};
    if (auto end = end_of(found->run, committed))
      return end->version;
  }
  if (!at->status().ok())
    return tl::unexpected{unreadable_index(*db, stream, at->status())};
  return 0;
}

expected<void> log_reads::streams(std::string_view prefix, std::string_view after,
                                  const stream_visitor& visit) const {
  const uint64_t committed = last_sequence;
  const auto newest = recent.runs(prefix, after);
  auto pending = newest.begin();
  stream_listing listing{committed, visit};
  auto see_newest = [&](auto& entry) {
    for (auto& run : entry.second)
      listing.see(entry.first, run);
  };
  auto at = over_all_streams(*db);
  const auto past_after = std::string{after} + '\x01'; // no entry of a stream lies between
  at->Seek(after < prefix ? Slice{prefix} : Slice{past_after});
  for (; !listing.stopped() && at->Valid() && at->key().starts_with(prefix); at->Next()) {
    auto found = run_at(*at);
    if (!found)
      return tl::unexpected{found.error()};
    for (; pending != newest.end() && pending->first < found->stream; ++pending)
      see_newest(*pending);
    listing.see(found->stream, found->run);
  }
  if (!at->status().ok())
    return tl::unexpected{db->describe("cannot read the index of streams", at->status())};
  for (; pending != newest.end(); ++pending)
    see_newest(*pending);
  listing.tell();
  return {};
}

} // namespace skein::store
