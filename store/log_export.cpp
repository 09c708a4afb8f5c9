#include "events/record_place.hpp"
#include "store/export_reader.hpp"
#include "store/export_writer.hpp"
#include "store/log_transfer.hpp"

#include <fmt/format.h>

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

expected<exported_log> verify_export(const std::filesystem::path& file) {
  auto reader = export_reader::open(file);
  if (!reader)
    return tl::unexpected{reader.error()};
  for (;;) {
    auto entries = (*reader)->next();
    if (!entries)
      return tl::unexpected{entries.error()};
    if (entries->empty())
      return exported_log{(*reader)->header(), (*reader)->tally().trailer()};
  }
}

} // namespace skein::store
