#include "events/record_place.hpp"
#include "store/export_reader.hpp"
#include "store/export_writer.hpp"
#include "store/log_transfer.hpp"

#include <fmt/format.h>
#include <map>

namespace skein::store {

namespace {

expected<void> check_range(const export_request& want, uint64_t last) {
  if (want.from == 0 || want.from > want.to)
    return fail(
        fmt::format("there are no sequences from {} to {}: the first is 1", want.from, want.to));
  const auto highest = want.to == no_limit ? want.from : want.to;
  if (highest > last && !(last == 0 && want.from == 1 && want.to == no_limit))
    return fail(
        fmt::format("the log ends at sequence {}: there is no {} to export", last, highest));
  return {};
}

expected<void> copy(const log_reader& log, uint64_t to, export_writer& writer) {
  expected<void> written;
  const auto count = to + 1 - writer.next_sequence();
  auto read = log.read(writer.next_sequence(), count, [&](const stored& record) {
    written = place_of(record.bytes).and_then([&](const record_place& place) {
      return writer.add(place.migration, record.bytes);
    });
    if (!written)
      written = fail(fmt::format("sequence {}: {}", record.sequence, written.error().what));
    return written.has_value();
  });
  return read ? written : tl::unexpected{read.error()};
}

} // namespace

expected<exported_log> export_log(const log_reader& log, const std::filesystem::path& file,
                                  const export_request& want) {
  const auto last = log.last_sequence();
  if (auto fits = check_range(want, last); !fits)
    return tl::unexpected{fits.error()};
  const exported::header header{exported::format, log.log_id(), want.from};
  std::error_code ignored;
  const bool goes_on = want.resume && std::filesystem::exists(part_of(file), ignored);
  auto writer = goes_on ? export_writer::resume(file, header) : export_writer::create(file, header);
  if (!writer)
    return tl::unexpected{writer.error()};
  const auto to = std::min(want.to, last);
  if ((*writer)->next_sequence() > to + 1)
    return fail(fmt::format("{} has sequences up to {} already, and the export is to end at {}",
                            part_of(file).string(), (*writer)->next_sequence() - 1, to));
  if (auto copied = copy(log, to, **writer); !copied)
    return tl::unexpected{copied.error()};
  return (*writer)->finish().map([&](const exported::trailer& totals) {
    return exported_log{header, totals};
  });
}

namespace {

/// Heads that an export is held against while its records pass.
class head_watch {
public:
  explicit head_watch(std::span<const tree_head> heads) {
    for (const auto& head : heads)
      waiting_.emplace(head.size, head);
  }

  expected<void> begin(const exported::header& of) {
    if (!waiting_.empty() && of.first_sequence != 1)
      return fail("the file begins with sequence " + std::to_string(of.first_sequence)
                  + "; heads can only be checked against an export that begins with sequence 1");
    for (const auto& [size, head] : waiting_)
      if (head.log_id != of.log_id)
        return fail("the head of " + std::to_string(size) + " events is of the log " + head.log_id
                    + ", but the file is of the log " + of.log_id);
    return look();
  }

  expected<void> add(std::string_view record) {
    tree_.add(merkle::leaf_hash(record));
    return look();
  }

  expected<void> end() const {
    if (waiting_.empty())
      return {};
    return fail("the head of " + std::to_string(waiting_.begin()->first)
                + " events is not borne out: the file has only " + std::to_string(tree_.size())
                + "; its newest events were cut off, or it is older than the head");
  }

private:
  expected<void> look() {
    for (auto at = waiting_.begin(); at != waiting_.end() && at->first == tree_.size();
         at = waiting_.erase(at))
      if (at->second.root != tree_.root())
        return fail("the head of " + std::to_string(at->first)
                    + " events is not borne out: the file's first " + std::to_string(at->first)
                    + " events are not those that were signed at " + at->second.time);
    return {};
  }

  std::multimap<uint64_t, tree_head> waiting_;
  merkle::edge tree_;
};

} // namespace

expected<exported_log> verify_export(const std::filesystem::path& file,
                                     std::span<const tree_head> heads) {
  auto reader = export_reader::open(file);
  if (!reader)
    return tl::unexpected{reader.error()};
  head_watch watch{heads};
  if (auto ok = watch.begin((*reader)->header()); !ok)
    return tl::unexpected{ok.error()};
  for (;;) {
    auto entries = (*reader)->next();
    if (!entries)
      return tl::unexpected{entries.error()};
    if (entries->empty())
      break;
    if (!heads.empty())
      for (const auto& each : *entries)
        if (auto ok = watch.add(each.record); !ok)
          return tl::unexpected{ok.error()};
  }
  if (auto ok = watch.end(); !ok)
    return tl::unexpected{ok.error()};
  return exported_log{(*reader)->header(), (*reader)->tally().trailer()};
}

} // namespace skein::store
